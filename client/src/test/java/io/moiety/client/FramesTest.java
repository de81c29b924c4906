package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.HeaderFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class FramesTest {

  @Property(tries = 200)
  void findsTheSameFramesHoweverTheStreamIsCut(@ForAll long seed) {
    Random random = new Random(seed);
    List<Command> sent = new ArrayList<>();
    ByteBuffer stream = ByteBuffer.allocate(1 << 20);
    for (int i = 0; i < 1 + random.nextInt(10); i++) {
      Command command = command(random, i);
      sent.add(command);
      stream.put(FrameCodec.encode(command));
    }
    stream.flip();
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(1 << 20));
    while (stream.hasRemaining()) {
      byte[] part = new byte[Math.min(stream.remaining(), 1 + random.nextInt(3_000))];
      stream.get(part);
      channel.writeInbound(Unpooled.wrappedBuffer(part));
    }
    for (Command command : sent) {
      Command read = channel.readInbound();
      assertThat(read).isEqualTo(command);
    }
    assertThat(channel.<Command>readInbound()).isNull();
    channel.finishAndReleaseAll();
  }

  @Property(tries = 100)
  void theEncoderWritesWhatTheCodecReads(@ForAll long seed) {
    Random random = new Random(seed);
    Command command = command(random, 1);
    if (random.nextBoolean()) {
      ByteBuffer direct = ByteBuffer.allocateDirect(command.body().remaining());
      command =
          new Command(
              command.code(),
              command.opaque(),
              command.flag(),
              command.language(),
              command.version(),
              command.format(),
              command.remark(),
              command.fields(),
              direct.put(command.body()).flip());
    }
    EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
    channel.writeOutbound(command);
    ByteBuf written = channel.readOutbound();
    byte[] bytes = new byte[written.readableBytes()];
    written.readBytes(bytes);
    written.release();
    assertThat(ByteBuffer.wrap(bytes)).isEqualTo(FrameCodec.encode(command));
    channel.finishAndReleaseAll();
  }

  @Example
  void directBodiesAreNotCopied() {
    ByteBuffer body = ByteBuffer.allocateDirect(4).putInt(1).flip();
    EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder());
    channel.writeOutbound(Command.request(1, Fields.empty(), body));
    body.putInt(0, 2);
    ByteBuf written = channel.readOutbound();
    assertThat(written.getInt(written.writerIndex() - 4)).isEqualTo(2);
    written.release();
    channel.finishAndReleaseAll();
  }

  private static Command command(Random random, int code) {
    byte[] body = new byte[random.nextInt(5_000)];
    random.nextBytes(body);
    return Command.request(
            code, Fields.builder().put("n", random.nextInt()).build(), ByteBuffer.wrap(body))
        .withOpaque(random.nextInt())
        .withFormat(random.nextBoolean() ? HeaderFormat.BINARY : HeaderFormat.JSON);
  }
}
