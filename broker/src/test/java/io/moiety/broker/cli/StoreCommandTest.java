package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class StoreCommandTest {
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);
  private static final String SEGMENT = "00000000000000000000";

  @TempDir Path store;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Long> positions = new ArrayList<>();

  @BeforeEach
  void storeFiveMessages() {
    try (CommitLog log =
        CommitLog.open(
            LogConfig.of(store).withMaxRecordBytes(1 << 16).withSegmentSizeBytes(1 << 20),
            () -> 1_000_000,
            new LogEvents() {
              @Override
              public void durableAdvanced(long durablePosition) {}

              @Override
              public void failed(Throwable cause) {
                throw new AssertionError(cause);
              }
            })) {
      for (int i = 0; i < 5; i++) {
        positions.add(log.append(draft(i)).position());
      }
    }
  }

  private static RecordDraft draft(int number) {
    return new RecordDraft(
        number % 2 == 0 ? "even" : "odd",
        0,
        0,
        number,
        0,
        999_000,
        HOST,
        HOST,
        0,
        0,
        ByteBuffer.wrap(
            number == 4 ? new byte[] {1, (byte) 0xFF} : ("body " + number).getBytes(UTF_8)),
        MessageProperties.of(Map.of("KEYS", "k" + number, "TAGS", "t")));
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private void alter(long position) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            store.resolve("commitlog").resolve(SEGMENT),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 1));
      file.write(one.rewind(), position);
    }
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void intactStoreIsSaidToBe() {
    assertThat(run("store", "verify", store.toString())).isZero();

    assertThat(out.toString())
        .contains("segment " + SEGMENT + ": positions 0 to ", " 5 records of ")
        .contains("known to be durable up to ")
        .endsWith("The log is intact.\n");
  }

  @Test
  void damageIsToldWithItsPlaceAndWhatToDo() throws IOException {
    alter(positions.get(1) + 100);

    assertThat(run("store", "verify", store.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("DAMAGED: positions " + positions.get(1) + " to " + positions.get(2))
        .contains("file offset " + positions.get(1))
        .contains("moiety store dump --from " + positions.get(2))
        .contains(" 4 records of ")
        .contains("The log is DAMAGED in 1 place.")
        .contains("restore the store from an older copy", "recoverFrom");
  }

  @Test
  void tornEndAboveWhatWasDurableIsNormal() throws IOException {
    alter(positions.get(4) + 100);
    Files.delete(store.resolve("commitlog").resolve("durable"));

    assertThat(run("store", "verify", store.toString())).isZero();
    assertThat(out.toString())
        .contains("torn end at position " + positions.get(4))
        .contains("This is normal after a crash")
        .contains("The log is intact.");
  }

  @Test
  void endBelowWhatWasDurableIsDamage() throws IOException {
    alter(positions.get(4) + 100);

    assertThat(run("store", "verify", store.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("DAMAGED: positions " + positions.get(4));
  }

  @Test
  void directoryWithoutALogCannotBeRead() {
    Path nothing = store.resolve("nothing");

    assertThat(run("store", "verify", nothing.toString())).isEqualTo(2);
    assertThat(run("store", "dump", nothing.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("the store " + nothing + " cannot be read");
    assertThat(nothing).doesNotExist();
  }

  @Test
  void nothingInTheStoreIsChanged() throws IOException {
    alter(positions.get(1) + 100);
    Path segment = store.resolve("commitlog").resolve(SEGMENT);
    byte[] before = Files.readAllBytes(segment);
    run("store", "verify", store.toString());
    run("store", "dump", store.toString());

    assertThat(Files.readAllBytes(segment)).isEqualTo(before);
    try (var files = Files.walk(store)) {
      assertThat(files.map(file -> store.relativize(file).toString()))
          .doesNotContain("views")
          .contains("commitlog/" + SEGMENT);
    }
  }

  @Test
  void dumpShowsARecordALine() {
    assertThat(run("store", "dump", "--body", store.toString())).isZero();

    assertThat(lines())
        .hasSize(5)
        .first()
        .asString()
        .startsWith("0 ")
        .contains(
            " even/0@0 ",
            "stored=1970-01-01T00:16:40Z",
            "born=1970-01-01T00:16:39Z",
            "keys=\"k0\"",
            "tags=\"t\"",
            "body=6 \"body 0\"");
    assertThat(lines().get(4)).endsWith("body=2 0x01FF");
  }

  @Test
  void dumpIsLimitedByTopicAndPosition() {
    run("store", "dump", "--topic", "odd", "--from", positions.get(2).toString(), store.toString());

    assertThat(lines()).hasSize(1).first().asString().contains(" odd/0@3 ");
    out.getBuffer().setLength(0);
    run("store", "dump", "--to", positions.get(2).toString(), store.toString());
    assertThat(lines()).hasSize(2);
  }

  @Test
  void dumpGoesOnBehindDamageAndSaysSo() throws IOException {
    alter(positions.get(1) + 100);

    assertThat(run("store", "dump", store.toString())).isEqualTo(1);
    assertThat(lines()).hasSize(5);
    assertThat(lines().get(1))
        .startsWith("DAMAGED positions " + positions.get(1) + " to " + positions.get(2))
        .endsWith("goes on at " + positions.get(2));
    assertThat(lines().get(2)).startsWith(positions.get(2) + " ");
  }

  @Test
  void dumpIsJsonForPrograms() throws IOException {
    alter(positions.get(1) + 100);
    run("store", "dump", "--json", "--body", store.toString());

    ObjectMapper mapper = new ObjectMapper();
    JsonNode first = mapper.readTree(lines().get(0));
    assertThat(first.get("topic").asText()).isEqualTo("even");
    assertThat(first.get("properties").get("KEYS").asText()).isEqualTo("k0");
    assertThat(first.get("body").asText()).isEqualTo("\"body 0\"");
    JsonNode damage = mapper.readTree(lines().get(1));
    assertThat(damage.get("position").asLong()).isEqualTo(positions.get(1));
    assertThat(damage.get("endPosition").asLong()).isEqualTo(positions.get(2));
  }
}
