package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.RequestSignature;

/**
 * Who signs a client's requests, at a broker that knows its users. The secret is never sent, and
 * not shown by {@link #toString}. Immutable.
 *
 * @param accessKey the user's name
 * @param secretKey what the requests are signed with
 */
public record Credentials(String accessKey, String secretKey) {

  public Credentials {
    if (accessKey.isBlank() || secretKey.isEmpty()) {
      throw new IllegalArgumentException(
          "credentials need an access key and a secret key that are not empty");
    }
  }

  Command sign(Command request) {
    return RequestSignature.sign(request, accessKey, secretKey);
  }

  @Override
  public String toString() {
    return "Credentials[accessKey=" + accessKey + "]";
  }
}
