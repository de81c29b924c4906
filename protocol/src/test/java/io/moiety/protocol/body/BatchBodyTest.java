package io.moiety.protocol.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.MalformedBodyException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBodyTest {

  private static final String FIRST =
      "0000001c" + "00000000" + "00000000" + "00000007" + "00000002" + "6869" + "0004" + "6b017602";
  private static final String SECOND =
      "00000016" + "00000000" + "00000000" + "00000000" + "00000000" + "0000";

  @Test
  void takesRocketMqsBatchApart() {
    ByteBuffer batch = hex("ffff" + FIRST + SECOND).position(2);

    List<BatchBody.Member> members = BatchBody.decode(batch);

    assertThat(members).hasSize(2);
    assertThat(members.get(0).flag()).isEqualTo(7);
    assertThat(members.get(0).body()).isEqualTo(ByteBuffer.wrap("hi".getBytes(UTF_8)));
    assertThat(members.get(0).properties().asMap()).hasToString("{k=v}");
    assertThat(members.get(1).body().hasRemaining()).isFalse();
    assertThat(members.get(1).properties().isEmpty()).isTrue();
    assertThat(batch.position()).isEqualTo(2);
    assertThat(BatchBody.decode(hex(""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00", // less than a length
        "00000000000000000000000000000000000000000000", // size 0
        "7fffffff000000000000000000000000000000000000", // size beyond the batch
        "0000001600000000000000000000000000000001" + "0000", // body beyond the message
        "00000016000000000000000000000000ffffffff" + "0000", // negative body
        "0000001600000000000000000000000000000000" + "0001", // properties beyond the message
        "0000001700000000000000000000000000000000" + "000000", // a byte too many
      })
  void refusesLengthsThatLeadOutOfTheBatch(String batch) {
    assertThatThrownBy(() -> BatchBody.decode(hex(batch)))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageStartingWith("message 0 of the batch has");
  }

  @Test
  void refusesMoreMessagesThanTheLimit() {
    ByteBuffer second = hex(SECOND);
    ByteBuffer batch = ByteBuffer.allocate((BatchBody.MAX_MEMBERS + 1) * second.limit());
    while (batch.hasRemaining()) {
      batch.put(second.duplicate());
    }
    assertThat(BatchBody.decode(batch.flip().limit(batch.limit() - second.limit())))
        .hasSize(BatchBody.MAX_MEMBERS);
    assertThatThrownBy(() -> BatchBody.decode(batch.limit(batch.capacity())))
        .hasMessage("a batch of more than 65536 messages");
  }

  @Property
  void damageIsRefusedOrHarmless(@ForAll @IntRange(max = 46) int at, @ForAll int damage) {
    ByteBuffer batch = hex(FIRST + SECOND);
    batch.putInt(at, damage);
    try {
      assertThat(BatchBody.decode(batch)).hasSizeLessThan(3);
    } catch (MalformedBodyException refused) {
      assertThat(refused).hasMessageContaining("of the batch");
    }
  }

  private static ByteBuffer hex(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
