package io.moiety.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/store-format.md says what consume queues write. */
class QueueFormatDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "store-format.md");
  private static final Pattern SIZE = Pattern.compile("\\| (2\\+n|4, then (\\d+) each|\\d) \\|.*");

  private static String section() throws IOException {
    String text = Files.readString(DOCUMENT);
    return text.substring(text.indexOf("### Consume queues"), text.indexOf("### Blocks"));
  }

  @Test
  void aReaderThatKnowsOnlyTheDocumentComesToTheEndOfEveryQueue() throws IOException {
    QueueTable table = new QueueTable(SimulatedViewFiles.blocks());
    Records records = new Records();
    for (int offset = 0; offset < 250; offset++) {
      table.applyMessage(records.message("topic", 7, offset));
    }
    table.applyMessage(records.message("other", 1, 1_000));
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    table.capture().write(new DataOutputStream(written));
    ByteBuffer bytes = ByteBuffer.wrap(written.toByteArray());
    List<Matcher> fields =
        section().lines().map(SIZE::matcher).filter(Matcher::matches).limit(10).toList();
    assertThat(fields).hasSize(10);
    for (int left = bytes.getInt(); left > 0; left--) {
      fields.forEach(field -> skip(field, bytes));
    }
    assertThat(bytes.remaining()).isZero();
  }

  private static void skip(Matcher field, ByteBuffer bytes) {
    int size =
        field.group(1).equals("2+n")
            ? bytes.getShort()
            : field.group(2) != null
                ? bytes.getInt() * Integer.parseInt(field.group(2))
                : Integer.parseInt(field.group(1));
    bytes.position(bytes.position() + size);
  }

  @Test
  void theFieldsOfAnEntryAreWhereTheDocumentSays() throws IOException {
    ByteBuffer content = ByteBuffer.allocate(2 * Entry.BYTES);
    new Entry(11, 22, 33).putAt(content, 1);
    assertThat(section())
        .contains("| 0 | 8 | position")
        .contains("| 8 | 4 | size")
        .contains("| 12 | 8 | hash");
    assertThat(content.getLong(Entry.BYTES)).isEqualTo(11);
    assertThat(content.getInt(Entry.BYTES + 8)).isEqualTo(22);
    assertThat(content.getLong(Entry.BYTES + 12)).isEqualTo(33);
    assertThat(Entry.at(content, 1)).isEqualTo(new Entry(11, 22, 33));
  }
}
