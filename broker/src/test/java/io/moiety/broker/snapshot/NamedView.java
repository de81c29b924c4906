package io.moiety.broker.snapshot;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** A stored view that holds some bytes. */
final class NamedView implements StoredView {
  private final String name;
  byte[] bytes;
  boolean durable;

  /** A restore fails in a way that nobody thought of. */
  boolean failing;

  NamedView(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  @Override
  public String sectionName() {
    return name;
  }

  @Override
  public int sectionVersion() {
    return 1;
  }

  @Override
  public Section capture() {
    byte[] captured = Arrays.copyOf(bytes, bytes.length);
    return new Section() {
      @Override
      public void write(DataOutput out) throws IOException {
        out.writeInt(captured.length);
        out.write(captured);
      }

      @Override
      public void durable() {
        durable = true;
      }
    };
  }

  @Override
  public void restore(DataInput section) throws IOException {
    if (failing) {
      throw new IllegalArgumentException("the view does not know what this is");
    }
    bytes = new byte[section.readInt()];
    section.readFully(bytes);
  }
}
