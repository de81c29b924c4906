package io.moiety.broker.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a base's records.
 *
 * <pre>
 * begin mark   1, format 4 bytes, id text
 * facts        2, then to the end of the body: length 4 bytes, a fact as of {@link SystemRecordCodec}
 * end mark     3, id text, number of records with facts 4 bytes
 * </pre>
 */
final class BaseRecordCodec {
  /** The format that this version writes, and the only one that it reads. */
  static final int FORMAT = 1;

  private static final byte BEGUN = 1;
  private static final byte SAID = 2;
  private static final byte ENDED = 3;

  private BaseRecordCodec() {}

  static ByteBuffer encode(BaseRecord record) {
    FactWriter out = new FactWriter();
    if (record instanceof BaseRecord.Begun begun) {
      out.kind(BEGUN).int32(begun.format()).text(begun.id());
    } else if (record instanceof BaseRecord.Said said) {
      beginFacts(out);
      said.facts().forEach(fact -> out.nested(written(fact)));
    } else if (record instanceof BaseRecord.Ended ended) {
      out.kind(ENDED).text(ended.id()).int32(ended.factRecords());
    }
    return out.toBuffer();
  }

  /** Begins a record of facts, to which they are added with {@link FactWriter#nested}. */
  static void beginFacts(FactWriter out) {
    out.clear().kind(SAID);
  }

  /** Reads a record. What is unknown was written by a newer version: it must not start. */
  static BaseRecord decode(ByteBuffer bytes) {
    FactReader in = new FactReader(bytes);
    byte kind = in.int8();
    return switch (kind) {
      case BEGUN -> begun(in);
      case SAID -> said(in);
      case ENDED -> new BaseRecord.Ended(in.text(), in.int32());
      default ->
          throw new IllegalStateException(
              "a base's record of kind " + kind + " is unknown to this version of the broker");
    };
  }

  private static BaseRecord.Begun begun(FactReader in) {
    int format = in.int32();
    if (format != FORMAT) {
      throw new IllegalStateException(
          "a base of format " + format + " is unknown to this version of the broker");
    }
    return new BaseRecord.Begun(format, in.text());
  }

  private static BaseRecord.Said said(FactReader in) {
    List<SystemRecord> facts = new ArrayList<>();
    while (in.hasMore()) {
      facts.add(SystemRecordCodec.decode(in.nested()));
    }
    return new BaseRecord.Said(facts);
  }

  private static FactWriter written(SystemRecord fact) {
    FactWriter out = new FactWriter();
    SystemRecordCodec.write(fact, out);
    return out;
  }
}
