package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** docs/store-format.md says what {@link BlockLayout} writes. */
class BlockFormatDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "store-format.md");

  @Test
  void theFieldsOfABlockAreWhereTheDocumentSays() throws IOException {
    String text = Files.readString(DOCUMENT);
    List<List<String>> rows =
        text.substring(text.indexOf("### Blocks"))
            .lines()
            .filter(line -> line.matches("\\| \\d+ \\| \\d+ \\|.*"))
            .limit(3)
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .toList();
    int[] at = rows.stream().mapToInt(row -> Integer.parseInt(row.get(1))).toArray();
    int[] bytes = rows.stream().mapToInt(row -> Integer.parseInt(row.get(2))).toArray();

    ByteBuffer content = ByteBuffer.allocate(BlockFile.CONTENT_BYTES).putLong(100, 77);
    ByteBuffer block = BlockLayout.seal(0x01020304, content);

    assertThat(block.remaining()).isEqualTo(at[2] + bytes[2]).isEqualTo(BlockLayout.BLOCK_BYTES);
    assertThat(block.slice(at[0], bytes[0])).isEqualTo(content);
    assertThat(block.getInt(at[1])).isEqualTo(0x01020304);
    CRC32 crc = new CRC32();
    crc.update(block.slice(0, at[2]));
    assertThat(block.getInt(at[2])).isEqualTo((int) crc.getValue());
  }
}
