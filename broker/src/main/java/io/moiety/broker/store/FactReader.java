package io.moiety.broker.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link FactWriter} wrote; allocates nothing by a length that it has not checked. */
final class FactReader {
  private final ByteBuffer bytes;

  FactReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  byte int8() {
    return bytes.get();
  }

  boolean bool() {
    return int8() != 0;
  }

  int int32() {
    return bytes.getInt();
  }

  long int64() {
    return bytes.getLong();
  }

  String text() {
    return text(int32());
  }

  Optional<String> optionalText() {
    int length = int32();
    return length < 0 ? Optional.empty() : Optional.of(text(length));
  }

  <T> List<T> list(Function<FactReader, T> reader) {
    int count = int32();
    if (count < 0 || count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    List<T> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(reader.apply(this));
    }
    return elements;
  }

  /** The bytes of {@link FactWriter#nested}; the buffer is shared. */
  ByteBuffer nested() {
    int length = checkedLength(int32());
    ByteBuffer fact = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return fact;
  }

  boolean hasMore() {
    return bytes.hasRemaining();
  }

  private int checkedLength(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  private String text(int length) {
    byte[] utf8 = new byte[checkedLength(length)];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
