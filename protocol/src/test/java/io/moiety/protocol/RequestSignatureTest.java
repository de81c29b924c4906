package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class RequestSignatureTest {

  private static final ByteBuffer BODY = ByteBuffer.wrap("body-ä".getBytes(UTF_8));

  private static Fields fields(String... namesAndValues) {
    Fields.Builder builder = Fields.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /**
   * Computed by {@code printf 'ak1T0body-ä' | openssl dgst -sha1 -hmac 12345678 -binary | base64}.
   */
  @Test
  void isTheHmacOfTheValuesInTheOrderOfTheirNamesAndTheBody() {
    assertThat(
            RequestSignature.of(
                fields("b", "T", "Signature", "not this", "c", "0", "AccessKey", "ak1"),
                BODY,
                "12345678"))
        .isEqualTo("gI1w8c9iJjYR3YAwIN6SQ4HRlns=");
  }

  @Test
  void signingAddsUserAndSignatureAndChangesNothingElse() {
    Command request = Command.request(310, fields("b", "T", "e", "0"), BODY).withOpaque(3);

    Command signed = RequestSignature.sign(request, "ak1", "12345678");

    assertThat(signed.fields().text("Signature"))
        .hasValue(RequestSignature.of(signed.fields(), BODY, "12345678"));
    assertThat(signed.withFields(RequestSignature.withoutCredentials(signed.fields())))
        .isEqualTo(request);
    assertThat(BODY.remaining()).isEqualTo(7);
  }

  @Test
  void anotherValueBodyOrSecretGivesAnotherSignature() {
    Fields fields = fields("b", "T");
    assertThat(RequestSignature.of(fields, BODY, "12345678"))
        .isNotEqualTo(RequestSignature.of(fields("b", "U"), BODY, "12345678"))
        .isNotEqualTo(RequestSignature.of(fields, Command.noBody(), "12345678"))
        .isNotEqualTo(RequestSignature.of(fields, BODY, "12345679"));
  }

  @Test
  void tokenIsSignedAndTakenOffWithTheOtherCredentials() {
    Fields with = fields("b", "T", "SecurityToken", "t", "AccessKey", "a", "Signature", "s");
    assertThat(RequestSignature.withoutCredentials(with)).isEqualTo(fields("b", "T"));
    assertThat(RequestSignature.of(with, BODY, "12345678"))
        .isNotEqualTo(RequestSignature.of(fields("b", "T", "AccessKey", "a"), BODY, "12345678"));
  }
}
