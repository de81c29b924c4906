package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** Bodies of the records in which the broker keeps its facts, and of those of bases. */
class FactsFuzzTest {

  @FuzzTest
  void whatIsUnderstoodIsWrittenAndReadTheSame(byte[] body) {
    understood(() -> SystemRecordCodec.decode(ByteBuffer.wrap(body)))
        .ifPresent(
            fact ->
                assertThat(SystemRecordCodec.decode(SystemRecordCodec.encode(fact)))
                    .isEqualTo(fact));
    understood(() -> BaseRecordCodec.decode(ByteBuffer.wrap(body)))
        .ifPresent(
            record ->
                assertThat(BaseRecordCodec.decode(BaseRecordCodec.encode(record)))
                    .isEqualTo(record));
  }

  /** A start stops at these: they are of a newer version, or not of this broker at all. */
  private static <T> Optional<T> understood(Supplier<T> decoding) {
    try {
      return Optional.of(decoding.get());
    } catch (IllegalStateException | IllegalArgumentException | BufferUnderflowException refused) {
      return Optional.empty();
    }
  }
}
