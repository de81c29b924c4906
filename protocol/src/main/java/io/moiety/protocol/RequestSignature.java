package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * RocketMQ's signature of a request: the Base64 form of HMAC-SHA1, with the user's secret, over the
 * values of all header fields but the signature itself, in the order of their names, and the body.
 *
 * <p>The request's code, and which value is whose, are not signed, and nothing makes a request
 * different from one sent before: without TLS whoever sees a request can send it again. No state,
 * usable from any thread.
 */
public final class RequestSignature {

  /** The field that names the user. */
  public static final String ACCESS_KEY = "AccessKey";

  public static final String SIGNATURE = "Signature";

  /** A field that clients with temporary keys add; it is signed like the others. */
  public static final String SECURITY_TOKEN = "SecurityToken";

  private static final String ALGORITHM = "HmacSHA1";

  private RequestSignature() {}

  /** The request with the user's name and signature. */
  public static Command sign(Command request, String accessKey, String secret) {
    Fields named = copy(request.fields()).put(ACCESS_KEY, accessKey).build();
    String signature = of(named, request.body(), secret);
    return request.withFields(copy(named).put(SIGNATURE, signature).build());
  }

  /** The signature that these fields and this body must have. */
  public static String of(Fields fields, ByteBuffer body, String secret) {
    Map<String, String> sorted = new TreeMap<>(fields.asMap());
    sorted.remove(SIGNATURE);
    StringBuilder values = new StringBuilder();
    sorted.values().forEach(values::append);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      mac.update(values.toString().getBytes(UTF_8));
      mac.update(body.duplicate());
      return Base64.getEncoder().encodeToString(mac.doFinal());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, impossible);
    }
  }

  /** The fields without user, signature and token: what handlers and logs may see. */
  public static Fields withoutCredentials(Fields fields) {
    if (fields.text(ACCESS_KEY).isEmpty()
        && fields.text(SIGNATURE).isEmpty()
        && fields.text(SECURITY_TOKEN).isEmpty()) {
      return fields;
    }
    Fields.Builder kept = Fields.builder();
    for (int i = 0; i < fields.count(); i++) {
      switch (fields.nameAt(i)) {
        case ACCESS_KEY, SIGNATURE, SECURITY_TOKEN -> {}
        default -> kept.put(fields.nameAt(i), fields.valueAt(i));
      }
    }
    return kept.build();
  }

  private static Fields.Builder copy(Fields fields) {
    Fields.Builder copy = Fields.builder();
    for (int i = 0; i < fields.count(); i++) {
      copy.put(fields.nameAt(i), fields.valueAt(i));
    }
    return copy;
  }
}
