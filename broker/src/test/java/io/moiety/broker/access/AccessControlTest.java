package io.moiety.broker.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.RequestSignature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessControlTest {

  private static final String USERS =
      """
      {"users": [
        {"accessKey": "ops", "secretKey": "ops-secret", "admin": true},
        {"accessKey": "shop", "secretKey": "shop-secret",
         "topics": {"orders*": "PUB", "orders-sealed": "DENY", "news": "SUB", "both": "PUB|SUB",
                    "*": "DENY"},
         "groups": {"shop": "SUB"}},
        {"accessKey": "all", "secretKey": "all-secret", "topics": {"*": "PUB|SUB"},
         "groups": {"*": "SUB"}},
        {"accessKey": "wild", "secretKey": "wild-secret", "topics": {"*": "PUB|SUB"},
         "groups": {"own": "SUB"}},
        {"accessKey": "near", "secretKey": "near-secret", "admin": true,
         "sourceIps": ["10.0.0.0/8"]}
      ]}
      """;

  @TempDir Path directory;
  private Path file;
  private AccessControl control;

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(directory.resolve("users.json"), USERS);
    control = AccessControl.open(file);
  }

  private static Command send(String topic) {
    return request(RequestCode.SEND_MESSAGE_V2, "b", topic);
  }

  private static Command request(int code, String... namesAndValues) {
    Fields.Builder fields = Fields.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Command.request(code, fields.build(), ByteBuffer.wrap("body".getBytes(UTF_8)));
  }

  private Access check(Command request, String user) {
    return check(RequestSignature.sign(request, user, user + "-secret"));
  }

  private Access check(Command request) {
    return check(request, InetAddress.getLoopbackAddress());
  }

  private Access check(Command request, InetAddress from) {
    return control.check(request, from);
  }

  private static void assertRefused(Access access, String remark) {
    assertThat(access).isEqualTo(new Access.Refused(remark));
  }

  @Test
  void grantedRequestIsHandedOnWithoutItsCredentials() {
    Access.Granted granted = (Access.Granted) check(send("orders"), "shop");
    assertThat(granted.request()).isEqualTo(send("orders"));
    assertThat(granted.rights().user()).isEqualTo("shop");
    assertThat(granted.rights().mayConsume("news")).isTrue();
    assertThat(granted.rights().mayConsume("orders")).isFalse();
    assertThat(granted.rights().mayProduce("orders")).isTrue();
    assertThat(granted.rights().mayProduce("news")).isFalse();
    assertThat(granted.rights().mayJoin("shop")).isTrue();
    assertThat(granted.rights().mayJoin("other")).isFalse();
    assertThat(granted.rights().isUnlimited()).isFalse();
  }

  @Test
  void refusalsSayWhatRocketMqSays() {
    Command wrongSecret = RequestSignature.sign(send("orders"), "shop", "other-secret");
    assertRefused(check(send("orders")), "username cannot be null.");
    assertRefused(check(wrongSecret), "check signature failed.");
    assertRefused(check(send("orders"), "nobody"), "User:nobody is not found.");
    assertRefused(
        check(send("prices"), "shop"),
        "User:shop has no permission to access Topic:prices from 127.0.0.1, no matched policies.");
  }

  @Test
  void missingAndMalformedSignaturesAreRefused() {
    Command named = request(RequestCode.SEND_MESSAGE_V2, "b", "orders", "AccessKey", "shop");
    assertRefused(check(named), "check signature failed.");
    for (String wrong : new String[] {"", "=", "????", "a".repeat(100_000)}) {
      Fields fields =
          Fields.builder().put("AccessKey", "shop").put("Signature", wrong).put("b", "T").build();
      assertRefused(check(named.withFields(fields)), "check signature failed.");
    }
  }

  @Test
  void whatWasChangedAfterSigningIsRefused() {
    Command signed = RequestSignature.sign(send("orders"), "shop", "shop-secret");
    Fields.Builder all = Fields.builder();
    signed.fields().asMap().forEach(all::put);

    assertRefused(check(signed.withFields(all.put("z", "1").build())), "check signature failed.");
  }

  @Test
  void emptyNamesAreNobody() {
    assertRefused(check(send("orders"), ""), "User: is not found.");
  }

  @Test
  void longNamesAreCutInTheRemark() {
    Access.Refused refused = (Access.Refused) check(send("orders"), "n".repeat(1_000_000));
    assertThat(refused.remark()).hasSizeLessThan(200).startsWith("User:nnn");
  }

  @Test
  void lineEndsInNamesDoNotGetIntoTheLog() {
    assertRefused(check(send("orders"), "a\nb\r"), "User:a?b? is not found.");
  }

  @Test
  void rulesHoldByTopicAndGroup() {
    assertThat(check(send("orders-sealed"), "shop")).isInstanceOf(Access.Refused.class);
    assertThat(check(send("news"), "shop")).isInstanceOf(Access.Refused.class);
    assertThat(pull("shop", "news", "shop")).isInstanceOf(Access.Granted.class);
    assertThat(pull("shop", "orders", "shop")).isInstanceOf(Access.Refused.class);
    assertThat(pull("shop", "news", "other")).isInstanceOf(Access.Refused.class);
    assertThat(pull("shop", "%RETRY%shop", "shop")).isInstanceOf(Access.Granted.class);
    assertThat(pull("shop", "%RETRY%other", "shop")).isInstanceOf(Access.Refused.class);
    assertThat(pull("shop", "%DLQ%shop", "shop")).isInstanceOf(Access.Granted.class);
  }

  private Access pull(String user, String topic, String group) {
    return check(request(RequestCode.PULL_MESSAGE, "consumerGroup", group, "topic", topic), user);
  }

  @Test
  void topicsAreKnownToWhoUsesThemAndDeletedByWhoDoesBoth() {
    assertThat(check(request(RequestCode.GET_MAX_OFFSET, "topic", "orders"), "shop"))
        .isInstanceOf(Access.Granted.class);
    assertThat(check(request(RequestCode.GET_MAX_OFFSET, "topic", "prices"), "shop"))
        .isInstanceOf(Access.Refused.class);
    assertThat(check(request(RequestCode.TOPIC_DELETE, "topic", "orders"), "shop"))
        .isInstanceOf(Access.Refused.class);
    assertThat(check(request(RequestCode.TOPIC_DELETE, "topic", "both"), "shop"))
        .isInstanceOf(Access.Granted.class);
  }

  @Test
  void patternsDoNotOpenTheBrokersOwnTopics() {
    for (String own :
        new String[] {"RMQ_SYS_TRANS_HALF_TOPIC", "SCHEDULE_TOPIC_XXXX", "MOIETY_SYS_STATE"}) {
      assertThat(pull("all", own, "G")).as(own).isInstanceOf(Access.Refused.class);
    }
    assertThat(pull("all", "anything", "G")).isInstanceOf(Access.Granted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RMQ_SYS_ANYTHING", "rmq_sys_anything", "Rmq_Sys_x", "moiety_sys_state"})
  void patternsDoNotOpenReservedNamesInAnyCase(String topic) {
    assertThat(pull("all", topic, "G")).isInstanceOf(Access.Refused.class);
    assertThat(check(send(topic), "all")).isInstanceOf(Access.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%RETRY%", "%DLQ%"})
  void retriesAndDeadLettersAreTheirGroupsWhateverPatternsSay(String prefix) {
    for (int code : new int[] {RequestCode.TOPIC_DELETE, RequestCode.TOPIC_CREATE}) {
      assertThat(check(request(code, "topic", prefix + "other"), "wild"))
          .isEqualTo(
              new Access.Refused(
                  "User:wild has no permission to access Group:other from 127.0.0.1, no matched"
                      + " policies."));
      assertThat(check(request(code, "topic", prefix + "own"), "wild"))
          .isInstanceOf(Access.Granted.class);
    }
    assertThat(check(send(prefix + "other"), "wild")).isInstanceOf(Access.Refused.class);
    assertThat(check(send(prefix + "own"), "wild")).isInstanceOf(Access.Granted.class);
  }

  @Test
  void rightsFollowTheRulesAndEndWithTheSecret() throws IOException {
    Rights shop = ((Access.Granted) check(send("orders"), "shop")).rights();
    Rights ops = ((Access.Granted) check(send("orders"), "ops")).rights();
    assertThat(ops.isUnlimited()).isTrue();

    change(USERS.replace("\"orders*\": \"PUB\"", "\"orders*\": \"SUB\""));
    assertThat(shop.mayProduce("orders")).isFalse();
    assertThat(shop.mayConsume("orders")).isTrue();

    change(
        USERS
            .replace("shop-secret", "changed-secret")
            .replace("\"admin\": true", "\"admin\": false"));
    assertThat(shop.mayConsume("news")).isFalse();
    assertThat(ops.isUnlimited()).isFalse();
    assertThat(ops.mayProduce("orders")).isFalse();
  }

  private void change(String text) throws IOException {
    Files.writeString(file, text);
    control.reloadIfChanged();
    control.reloadIfChanged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-rw----", "rw----r--", "rw-----w-"})
  void fileThatOthersCanReadOrWriteIsWarnedOf(String permissions) throws IOException {
    assertThat(warningsOf(permissions)).hasSize(1).first().asString().contains("chmod 600");
  }

  @Test
  void fileOfItsOwnerAloneIsNotWarnedOf() throws IOException {
    assertThat(warningsOf("rw-------")).isEmpty();
  }

  private List<String> warningsOf(String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    try (LogLines lines = LogLines.of(AccessControl.class)) {
      AccessControl.open(file);
      return lines.of(System.Logger.Level.WARNING);
    }
  }

  @Test
  void administrationIsForAdmins() {
    Command delete = request(RequestCode.DELETE_TOPIC_IN_BROKER, "topic", "both");
    assertThat(check(delete, "ops")).isInstanceOf(Access.Granted.class);
    assertThat(check(delete, "all")).isInstanceOf(Access.Refused.class);
    assertThat(check(request(31_000), "all")).isInstanceOf(Access.Refused.class);
  }

  @Test
  void routesNeedNoSignature() {
    assertThat(check(request(RequestCode.GET_ROUTEINFO_BY_TOPIC, "topic", "T")))
        .isInstanceOf(Access.Granted.class);
  }

  @Test
  void helloAndHeartbeatNeedASignature() {
    assertRefused(check(request(RequestCode.HELLO, "clientId", "c")), "username cannot be null.");
    assertRefused(check(request(RequestCode.HEART_BEAT)), "username cannot be null.");
    assertThat(check(request(RequestCode.HELLO, "clientId", "c"), "shop"))
        .isInstanceOf(Access.Granted.class);
  }

  @Test
  void usersMayBeBoundToAddresses() throws UnknownHostException {
    Command signed = RequestSignature.sign(send("orders"), "near", "near-secret");
    assertRefused(check(signed), "User:near may not come from 127.0.0.1.");
    assertThat(check(signed, InetAddress.getByName("10.2.3.4"))).isInstanceOf(Access.Granted.class);
  }

  @Test
  void changedFileHoldsWhenItCanBeReadAndTheOldRulesOtherwise() throws IOException {
    Files.writeString(file, USERS.replace("shop-secret", "changed-secret"));
    control.reloadIfChanged();
    control.reloadIfChanged();
    Command changed = RequestSignature.sign(send("orders"), "shop", "changed-secret");
    assertThat(check(changed)).isInstanceOf(Access.Granted.class);
    assertRefused(check(send("orders"), "shop"), "check signature failed.");

    Files.writeString(file, "{\"users\": [");
    control.reloadIfChanged();
    control.reloadIfChanged();
    assertThat(check(changed)).isInstanceOf(Access.Granted.class);
  }

  @Test
  void fileThatCouldNotBeUsedIsReadAgainThoughItLooksTheSame() throws IOException {
    String usable = USERS.replace("shop-secret", "changed-secret");
    Files.writeString(file, " ".repeat(usable.length()));
    FileTime modified = Files.getLastModifiedTime(file);
    control.reloadIfChanged();
    control.reloadIfChanged();
    assertThat(check(send("orders"), "shop")).isInstanceOf(Access.Granted.class);

    Files.writeString(file, usable);
    Files.setLastModifiedTime(file, modified);
    for (int look = 1; look <= 5; look++) {
      control.reloadIfChanged();
    }
    Command changed = RequestSignature.sign(send("orders"), "shop", "changed-secret");
    assertThat(check(changed)).isInstanceOf(Access.Granted.class);
  }
}
