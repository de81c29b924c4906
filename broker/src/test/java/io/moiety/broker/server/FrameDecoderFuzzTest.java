package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.MalformedFrameException;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of one connection, as they come in pieces. The first of the input's bytes say how long
 * the pieces are, the others are what comes.
 */
class FrameDecoderFuzzTest {

  private static final int MAX_FRAME_BYTES = 256;
  private static final int PLENTY_BYTES = 1 << 20;
  private static final int FEW_BYTES = 64;
  private static final int PIECE_LENGTHS = 4;

  @FuzzTest
  void cutsTheSameFramesHoweverTheyComeAndHoldsNoMoreThanAllowed(byte[] input) {
    int head = Math.min(PIECE_LENGTHS, input.length);
    byte[] pieceLengths = Arrays.copyOf(input, PIECE_LENGTHS);
    byte[] bytes = Arrays.copyOfRange(input, head, input.length);

    Outcome inPieces = decode(bytes, pieceLengths, PLENTY_BYTES);
    assertThat(inPieces).isEqualTo(cutOneByOne(bytes));
    decode(bytes, pieceLengths, FEW_BYTES);
  }

  /** What came out of the bytes, and whether the connection was given up at the end. */
  private record Outcome(List<Inbound> cut, boolean outOfStep) {}

  private static Outcome decode(byte[] bytes, byte[] pieceLengths, int allowedBytes) {
    InFlightBytes held = new InFlightBytes(allowedBytes);
    PartialFrames frames = new PartialFrames(allowedBytes, held);
    EmbeddedChannel channel =
        new EmbeddedChannel(new FrameDecoder(MAX_FRAME_BYTES, () -> frames, why -> {}));
    boolean outOfStep = false;
    int at = 0;
    for (int piece = 0; at < bytes.length; piece++) {
      int end = Math.min(bytes.length, at + 1 + (pieceLengths[piece % PIECE_LENGTHS] & 0xFF));
      try {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, at, end - at));
      } catch (DecoderException refused) {
        assertThat(refused).hasCauseInstanceOf(MalformedFrameException.class);
        assertThat(outOfStep).isFalse();
        outOfStep = true;
      }
      assertThat(held.held()).isBetween(0L, (long) allowedBytes);
      at = end;
    }
    List<Inbound> cut = new ArrayList<>();
    for (Inbound next = channel.readInbound(); next != null; next = channel.readInbound()) {
      cut.add(next);
    }
    channel.finishAndReleaseAll();
    assertThat(held.held()).isZero();
    return new Outcome(cut, outOfStep);
  }

  /** What should come out, from bytes that are all there. */
  private static Outcome cutOneByOne(byte[] bytes) {
    List<Inbound> cut = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      while (rest.remaining() >= 8) {
        int frameBytes = rest.getInt(rest.position());
        int headBytes = 4 + (rest.getInt(rest.position() + 4) & 0xFFFFFF);
        if (frameBytes < headBytes || headBytes > MAX_FRAME_BYTES) {
          return new Outcome(cut, true);
        }
        int neededBytes = frameBytes > MAX_FRAME_BYTES ? headBytes : frameBytes;
        if (rest.remaining() < 4 + neededBytes) {
          break;
        }
        rest.getInt();
        ByteBuffer needed = rest.slice(rest.position(), neededBytes);
        cut.add(
            frameBytes > MAX_FRAME_BYTES
                ? new Inbound.Oversize(FrameCodec.decode(needed), frameBytes)
                : new Inbound.Frame(FrameCodec.decode(needed), neededBytes));
        rest.position(rest.position() + Math.min(frameBytes, rest.remaining()));
      }
    } catch (MalformedFrameException refused) {
      return new Outcome(cut, true);
    }
    return new Outcome(cut, false);
  }
}
