package io.moiety.broker.store;

import io.moiety.broker.log.Appended;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Says a base to the log, record by record: the facts are packed as tightly as they fit, so that
 * neither many small records nor one large one hold the turn or the memory.
 *
 * <p>Owner: the store turn, for one base.
 */
final class BaseWriter implements Consumer<SystemRecord> {
  /** No body is larger, unless a single fact is. */
  static final int MAX_BODY_BYTES = 256 * 1024;

  /** Appends a body, without keeping it. */
  @FunctionalInterface
  interface BodyLog {
    Appended append(ByteBuffer body);
  }

  private final BodyLog log;
  private final FactWriter fact = new FactWriter();
  private final FactWriter body = new FactWriter();
  private int factRecords;
  private int factsInBody;

  private BaseWriter(BodyLog log) {
    this.log = log;
    BaseRecordCodec.beginFacts(body);
  }

  /** Appends what the views say. */
  static Base write(List<View> views, BodyLog log) {
    String id = UUID.randomUUID().toString();
    Appended first =
        log.append(BaseRecordCodec.encode(new BaseRecord.Begun(BaseRecordCodec.FORMAT, id)));
    BaseWriter writer = new BaseWriter(log);
    views.forEach(view -> view.sayFacts(writer));
    writer.appendFacts();
    Appended last =
        log.append(BaseRecordCodec.encode(new BaseRecord.Ended(id, writer.factRecords)));
    return new Base(id, first.position(), last.endPosition());
  }

  @Override
  public void accept(SystemRecord said) {
    SystemRecordCodec.write(said, fact.clear());
    if (body.sizeBytes() + Integer.BYTES + fact.sizeBytes() > MAX_BODY_BYTES) {
      appendFacts();
    }
    body.nested(fact);
    factsInBody++;
  }

  private void appendFacts() {
    if (factsInBody > 0) {
      log.append(body.toBuffer());
      factRecords++;
      factsInBody = 0;
      BaseRecordCodec.beginFacts(body);
    }
  }
}
