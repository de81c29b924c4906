package io.moiety.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessFileTest {

  private static final String SECRET = "hush-hush-hush";

  @TempDir Path directory;

  private Map<String, User> read(String json) throws IOException {
    return AccessFile.read(Files.writeString(directory.resolve("users.json"), json));
  }

  @Test
  void readsUsersWithTheirRules() throws IOException {
    Map<String, User> users =
        read(
            """
            {"users": [
              {"accessKey": "ops", "secretKey": "hush-hush-hush", "admin": true},
              {"accessKey": "shop", "secretKey": "hush-hush-too", "topics": {"orders*": "PUB"},
               "groups": {"shop": "SUB"}, "sourceIps": ["10.0.0.0/8"]}
            ]}
            """);

    assertThat(users).containsOnlyKeys("ops", "shop");
    assertThat(users.get("ops").admin()).isTrue();
    assertThat(users.get("shop").admin()).isFalse();
    assertThat(users.get("shop").topics().of("orders-eu")).containsExactly(Permission.PUB);
    assertThat(users.get("shop").groups().of("shop")).containsExactly(Permission.SUB);
    assertThat(users.get("shop").sources()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "''~is not the JSON that is expected",
        "null~is empty",
        "[]~is not the JSON that is expected (line 1",
        "{}~it has no users",
        "{\"users\": []}~it has no users",
        "{\"user\": []}~'user' is unknown",
        "{\"users\": [{\"secretKey\": \"hush-hush-hush\"}]}~user number 1 has no accessKey",
        "{\"users\": [{\"accessKey\": \"a\"}]}~user a has no secretKey of 8",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush\"}]}~user a has no secretKey",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", \"topic\":"
            + " {}}]}~'topic' is unknown (line 1",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", \"topics\":"
            + " \"hush-hush-hush\"}]}~is not the JSON",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", \"secretKey\":"
            + " \"hush-hush-hush\"}]}~is not the JSON",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", \"topics\": {\"T\":"
            + " \"all\"}}]}~user a: the permission of 'T'",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", \"sourceIps\":"
            + " [\"here\"]}]}~user a: 'here' is no address",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\"},{\"accessKey\":"
            + " \"a\", \"secretKey\": \"hush-hush-hush\"}]}~user a is there twice",
        "{\"users\": [null]}~user number 1 is null",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"topics\": {\"T\": null}}]}~user a: 'T' of topics is null",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"groups\": {\"G\": null}}]}~user a: 'G' of groups is null",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"sourceIps\": [null]}]}~user a: an address of sourceIps is no text",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"sourceIps\": []}]}~user a: sourceIps must be a list of addresses",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"sourceIps\": null}]}~user a: sourceIps must be a list of addresses",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"sourceIps\": \"10.1.2.3\"}]}~user a: sourceIps must be a list of addresses",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"admin\": 1}]}~is not the JSON that is expected",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\", "
            + "\"admin\": \"true\"}]}~is not the JSON that is expected",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush~is not the JSON",
        "{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"hush-hush-hush\"}]} more~is not the"
            + " JSON",
      })
  void whatCannotBeUsedIsRefusedWithoutShowingASecret(String json, String why) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("accessFile=")
        .hasMessageContaining(why)
        .satisfies(
            refused -> {
              StringWriter shown = new StringWriter();
              refused.printStackTrace(new PrintWriter(shown));
              assertThat(shown.toString()).doesNotContain("hush");
            });
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> AccessFile.read(directory.resolve("absent.json")))
        .hasMessageContaining("absent.json cannot be used: there is no such file");
  }

  @Test
  void theSecretIsNotShown() throws IOException {
    Map<String, User> users =
        read("{\"users\": [{\"accessKey\": \"a\", \"secretKey\": \"" + SECRET + "\"}]}");
    assertThat(users.toString()).contains("(secret)").doesNotContain(SECRET);
  }
}
