package io.moiety.broker.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes the fields of one fact into an array that grows. */
final class FactWriter {
  private static final int ABSENT = -1;
  private ByteBuffer bytes = ByteBuffer.allocate(128);

  FactWriter kind(byte kind) {
    return int8(kind);
  }

  FactWriter int8(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  FactWriter bool(boolean value) {
    return int8(value ? 1 : 0);
  }

  FactWriter int32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  FactWriter int64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  FactWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int32(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  FactWriter optionalText(Optional<String> value) {
    return value.map(this::text).orElseGet(() -> int32(ABSENT));
  }

  <T> FactWriter list(List<T> elements, BiConsumer<FactWriter, T> writer) {
    int32(elements.size());
    elements.forEach(element -> writer.accept(this, element));
    return this;
  }

  /** What another writer has written, after its length in 4 bytes. */
  FactWriter nested(FactWriter fact) {
    int32(fact.sizeBytes());
    room(fact.sizeBytes()).put(fact.bytes.array(), 0, fact.sizeBytes());
    return this;
  }

  int sizeBytes() {
    return bytes.position();
  }

  /** Begins anew in the same array, which buffers that were taken before share. */
  FactWriter clear() {
    bytes.clear();
    return this;
  }

  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes.array(), 0, bytes.position()).slice();
  }

  private ByteBuffer room(int moreBytes) {
    if (bytes.remaining() < moreBytes) {
      int wanted = Math.max(bytes.capacity() * 2, Math.addExact(bytes.position(), moreBytes));
      int written = bytes.position();
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), wanted)).position(written);
    }
    return bytes;
  }
}
