package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Frames as a connection brings them, without the length that stands before them. */
class FrameCodecFuzzTest {

  private static final int OFFSET_IN_ARRAY = 3;

  @FuzzTest
  void whatIsNotRefusedEncodesBackToTheSameCommand(byte[] frame) {
    Optional<Command> decoded = decode(withinAnArray(frame));
    assertThat(decode(outsideTheHeap(frame))).isEqualTo(decoded);
    decoded.ifPresent(
        command -> {
          assertThat(command.body().remaining()).isLessThan(frame.length);
          if (canBeSaid(command)) {
            ByteBuffer again = FrameCodec.encode(command);
            assertThat(again.getInt()).isEqualTo(again.remaining());
            assertThat(FrameCodec.decode(again)).isEqualTo(command);
          }
        });
  }

  private static Optional<Command> decode(ByteBuffer frame) {
    try {
      return Optional.of(FrameCodec.decode(frame));
    } catch (MalformedFrameException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return Optional.empty();
    }
  }

  private static ByteBuffer withinAnArray(byte[] frame) {
    return ByteBuffer.allocate(frame.length + 2 * OFFSET_IN_ARRAY)
        .put(OFFSET_IN_ARRAY, frame)
        .slice(OFFSET_IN_ARRAY, frame.length);
  }

  private static ByteBuffer outsideTheHeap(byte[] frame) {
    return ByteBuffer.allocateDirect(frame.length).put(0, frame);
  }

  /** Bytes that are no UTF-8 grow as text; a long name of them no longer fits a binary header. */
  private static boolean canBeSaid(Command command) {
    return command.format() == HeaderFormat.JSON
        || command.fields().asMap().keySet().stream()
            .allMatch(name -> 3 * name.length() <= Short.MAX_VALUE);
  }
}
