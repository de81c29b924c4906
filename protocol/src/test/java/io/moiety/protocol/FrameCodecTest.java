package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

  private static final HexFormat HEX = HexFormat.of();

  @Test
  void writesAJsonHeaderAsRocketMqDoes() {
    Command command =
        Command.request(
                RequestCode.SEND_MESSAGE_V2,
                Fields.builder().put("a", "PG").put("e", 0).put("m", false).build(),
                ByteBuffer.wrap("hi".getBytes(UTF_8)))
            .withOpaque(17);
    String header =
        "{\"code\":310,\"extFields\":{\"a\":\"PG\",\"e\":\"0\",\"m\":\"false\"},\"flag\":0,"
            + "\"language\":\"JAVA\",\"opaque\":17,\"serializeTypeCurrentRPC\":\"JSON\","
            + "\"version\":513}";

    byte[] frame = bytes(FrameCodec.encode(command));

    assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(4 + header.length() + 2);
    assertThat(ByteBuffer.wrap(frame).getInt(4)).isEqualTo(header.length());
    assertThat(new String(frame, 8, frame.length - 8, UTF_8)).isEqualTo(header + "hi");
  }

  @Test
  void writesAnAnswerWithItsRequestsOpaqueAndItsRemark() {
    Command request = Command.request(999, Fields.empty()).withOpaque(5);
    Command answer =
        Command.response(request, 3, " request type 999 not supported", Fields.empty());

    assertThat(headerText(answer))
        .isEqualTo(
            "{\"code\":3,\"flag\":1,\"language\":\"JAVA\",\"opaque\":5,"
                + "\"remark\":\" request type 999 not supported\","
                + "\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513}");
  }

  @Test
  void writesABinaryHeaderAsRocketMqDoes() {
    Command command =
        Command.request(
                RequestCode.QUERY_CONSUMER_OFFSET,
                Fields.builder().put("topic", "T").put("q", 1).build(),
                ByteBuffer.wrap(new byte[] {9}))
            .withOpaque(0x01020304)
            .withFormat(HeaderFormat.BINARY);

    assertThat(HEX.formatHex(bytes(FrameCodec.encode(command))))
        .isEqualTo(
            "0000002e" // 46 bytes follow
                + "01000029" // binary, 41 header bytes
                + "000e"
                + "00"
                + "0201"
                + "01020304"
                + "00000000" // code JAVA version opaque flag
                + "00000000" // no remark
                + "00000014" // 20 bytes of fields
                + "0005"
                + "746f706963"
                + "00000001"
                + "54"
                + "0001"
                + "71"
                + "00000001"
                + "31"
                + "09");
  }

  @Test
  void readsWhatOfficialClientsLeaveOutOrAdd() {
    Command command =
        decodeJson(
            "{\"code\":34,\"extFields\":{\"n\":null,\"i\":7,\"b\":true},\"flag\":0,\"future\":"
                + "{\"x\":[1,{}]},\"language\":\"GO\",\"opaque\":1,\"remark\":null}");

    assertThat(command.code()).isEqualTo(34);
    assertThat(command.remark()).isNull();
    assertThat(command.fields().asMap()).containsOnlyKeys("i", "b");
    assertThat(command.fields().requiredInt("i")).isEqualTo(7);
    assertThat(command.fields().flag("b")).isTrue();
    assertThat(command.body().hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void readsBackWhatItWrote(HeaderFormat format) {
    Command command =
        Command.request(
                RequestCode.RECEIVE,
                Fields.builder()
                    .put("topic", "Tóπ𝄞")
                    .put("x", Long.MIN_VALUE)
                    .put("e", "")
                    .build(),
                ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .withOpaque(-7)
            .withFormat(format)
            .asOneway();
    ByteBuffer frame = FrameCodec.encode(command);

    Command read = FrameCodec.decode(frame.position(4));

    assertThat(read).isEqualTo(command);
    assertThat(read.isOneway()).isTrue();
    assertThat(read.isResponse()).isFalse();
    assertThat(frame.position()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void readsDirectBuffersToo(HeaderFormat format) {
    Command command =
        Command.request(11, Fields.builder().put("t", "x").build(), ByteBuffer.wrap(new byte[] {5}))
            .withFormat(format);
    ByteBuffer direct = ByteBuffer.allocateDirect(500).position(3);
    direct.put(FrameCodec.encode(command)).flip().position(7);

    assertThat(FrameCodec.decode(direct)).isEqualTo(command);
  }

  @Test
  void takesCutPopCodesOfBinaryRequestsForWhatTheyWere() {
    Command pop =
        Command.request(RequestCode.POP_MESSAGE, Fields.empty()).withFormat(HeaderFormat.BINARY);
    Command answer = Command.response(pop, 3442, null, Fields.empty());

    assertThat(reread(pop).code()).isEqualTo(200_050);
    assertThat(reread(answer).code()).isEqualTo(3442);
  }

  @Test
  void bodyReadTwiceIsWholeTwice() {
    Command command = Command.request(1, Fields.empty(), ByteBuffer.wrap(new byte[] {1, 2}));
    command.body().getShort();
    assertThat(command.body().remaining()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "0000", // no room for the header length
        "00000001", // header longer than the frame
        "00ffffff7b7d", // much longer
        "02000000", // neither type
        "000000027b7d", // {} has no code
        "000000025b5d", // []
        "000000097b22636f6465223a317d", // cut within a token
        "01000000", // no fixed part
      })
  void refusesWhatIsNoFrame(String hex) {
    ByteBuffer frame = ByteBuffer.wrap(HEX.parseHex(hex));
    assertThatThrownBy(() -> FrameCodec.decode(frame)).isInstanceOf(MalformedFrameException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000e0002010000000000000000" + "7fffffff" + "00000000", // remark longer than the header
        "000e0002010000000000000000" + "ffffffff" + "00000000", // negative
        "000e0002010000000000000000" + "00000002" + "00000000", // no fields length
        "000e0002010000000000000000" + "00000000" + "00000001", // fields longer than the header
        "000e0002010000000000000000" + "00000000" + "00000001" + "00", // half a name length
        "000e0002010000000000000000" + "00000000" + "00000003" + "000161", // no value length
        "000e0002010000000000000000" + "00000000" + "00000002" + "ffff", // negative name length
        "000e0002010000000000000000" + "00000000" + "00000007" + "0001617fffffff", // long value
      })
  void refusesABinaryHeaderWhoseLengthsLeadOutOfIt(String hex) {
    byte[] header = HEX.parseHex(hex);
    ByteBuffer frame =
        ByteBuffer.allocate(4 + header.length).putInt(1 << 24 | header.length).put(header).flip();
    assertThatThrownBy(() -> FrameCodec.decode(frame)).isInstanceOf(MalformedFrameException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":\"34\"}",
        "{\"code\":99999999999}",
        "{\"code\":1,\"extFields\":[]}",
        "{\"code\":1,\"extFields\":{\"a\":{}}}",
        "{\"code\":1,\"remark\":{}}",
        "{\"code\":1,\"x\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
      })
  void refusesAJsonHeaderOfOtherTypes(String json) {
    assertThatThrownBy(() -> decodeJson(json)).isInstanceOf(MalformedFrameException.class);
  }

  @ParameterizedTest
  @EnumSource(HeaderFormat.class)
  void refusesMoreFieldsThanTheLimit(HeaderFormat format) {
    Fields.Builder builder = Fields.builder();
    for (int i = 0; i < Fields.MAX_FIELDS; i++) {
      builder.put("field" + i, i);
    }
    Command most = Command.request(1, builder.build()).withFormat(format);
    assertThat(reread(most)).isEqualTo(most);

    byte[] frame = bytes(FrameCodec.encode(most));
    byte[] oneMore = format == HeaderFormat.JSON ? withJsonField(frame) : withBinaryField(frame);
    assertThatThrownBy(() -> FrameCodec.decode(ByteBuffer.wrap(oneMore)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("more than 256 header fields");
  }

  private static byte[] withJsonField(byte[] frame) {
    String header =
        new String(frame, 8, frame.length - 8, UTF_8)
            .replace("\"extFields\":{", "\"extFields\":{\"more\":\"1\",");
    return ByteBuffer.allocate(4 + header.length())
        .putInt(header.length())
        .put(header.getBytes(UTF_8))
        .array();
  }

  private static byte[] withBinaryField(byte[] frame) {
    byte[] more = HEX.parseHex("00017a00000000");
    ByteBuffer longer = ByteBuffer.allocate(frame.length - 4 + more.length);
    longer.put(frame, 4, frame.length - 4).put(more);
    longer.putInt(0, longer.getInt(0) + more.length);
    int fieldsLengthAt = 4 + 17;
    longer.putInt(fieldsLengthAt, longer.getInt(fieldsLengthAt) + more.length);
    return longer.array();
  }

  private static Command reread(Command command) {
    return FrameCodec.decode(FrameCodec.encode(command).position(4));
  }

  private static Command decodeJson(String json) {
    byte[] header = json.getBytes(UTF_8);
    return FrameCodec.decode(
        ByteBuffer.allocate(4 + header.length).putInt(header.length).put(header).flip());
  }

  private static String headerText(Command command) {
    byte[] frame = bytes(FrameCodec.encode(command));
    return new String(frame, 8, frame.length - 8, UTF_8);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
