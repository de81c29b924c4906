package io.moiety.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordCheck;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one message costs in the protocol: its frame, its properties, its record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProtocolBenchmark {

  private static final String PROPERTIES =
      "KEYS\u0001order-4711\u0002UNIQ_KEY\u00010A0102031F2C042A3D55000005DC0000\u0002TAGS\u0001A"
          + "\u0002WAIT\u0001true\u0002JMS_Destination\u0001queue://orders\u0002"
          + "JMS_BodyType\u0001text\u0002";

  @Param({"JSON", "BINARY"})
  public HeaderFormat format = HeaderFormat.JSON;

  private Command send = Command.request(0, Fields.empty());
  private ByteBuffer frame = ByteBuffer.allocate(0);
  private RecordDraft draft = draft(ByteBuffer.allocate(0));
  private ByteBuffer target = ByteBuffer.allocate(0);
  private ByteBuffer stored = ByteBuffer.allocate(0);

  @Setup
  public void setUp() {
    ByteBuffer body = ByteBuffer.wrap("x".repeat(1024).getBytes(UTF_8));
    Fields fields =
        Fields.builder()
            .put("a", "orders-producers")
            .put("b", "orders")
            .put("c", "TBW102")
            .put("d", 4)
            .put("e", 0)
            .put("f", 0)
            .put("g", 1_790_000_000_000L)
            .put("h", 0)
            .put("i", PROPERTIES)
            .put("j", 0)
            .put("k", false)
            .put("m", false)
            .build();
    send = Command.request(RequestCode.SEND_MESSAGE_V2, fields, body).withFormat(format);
    frame = FrameCodec.encode(send).position(FrameCodec.LENGTH_FIELD_BYTES);
    draft = draft(body);
    target = ByteBuffer.allocateDirect(RecordLayout.sizeBytes(draft));
    stored = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, 4096, 1, stored);
    stored.flip();
  }

  private static RecordDraft draft(ByteBuffer body) {
    InetSocketAddress host = new InetSocketAddress("10.1.2.3", 10911);
    return new RecordDraft(
        "orders", 0, 0, 7, 0, 1, host, host, 0, 0, body, MessageProperties.parse(PROPERTIES));
  }

  @Benchmark
  public Command decodeFrame() {
    return FrameCodec.decode(frame);
  }

  @Benchmark
  public ByteBuffer encodeFrameHead() {
    return FrameCodec.encodeHead(send, 1024);
  }

  @Benchmark
  public Optional<String> parsePropertiesAndGet() {
    return MessageProperties.parse(PROPERTIES).get("TAGS");
  }

  @Benchmark
  public int writeRecord() {
    return RecordLayout.write(draft, 4096, 1, target.clear());
  }

  @Benchmark
  public RecordCheck checkRecord() {
    return RecordLayout.check(stored, 4096, stored.remaining());
  }

  @Benchmark
  public Optional<String> viewRecordAndGetProperty() {
    return RecordView.of(stored).property("TAGS");
  }
}
