package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchXidTest {

  @Test
  void hasATextForm() {
    BranchXid xid = new BranchXid(0x4D4F5459, new byte[] {1, (byte) 0xAB}, new byte[] {});
    assertThat(xid.toText()).isEqualTo("4d4f5459-01ab-");
    assertThat(BranchXid.parse("4D4F5459-01AB-")).isEqualTo(xid).hasSameHashCodeAs(xid);
  }

  @Property
  void anyXidSurvivesItsText(
      @ForAll int formatId,
      @ForAll @Size(max = 64) byte[] global,
      @ForAll @Size(max = 64) byte[] qualifier) {
    BranchXid xid = new BranchXid(formatId, global, qualifier);
    BranchXid read = BranchXid.parse(xid.toText());

    assertThat(read).isEqualTo(xid).hasSameHashCodeAs(xid);
    assertThat(read.getFormatId()).isEqualTo(formatId);
    assertThat(read.getGlobalTransactionId()).isEqualTo(global);
    assertThat(read.getBranchQualifier()).isEqualTo(qualifier);
    assertThat(BranchXid.copyOf(xid)).isSameAs(xid);
  }

  @Test
  void isNotChangedThroughItsArrays() {
    byte[] global = {1};
    BranchXid xid = new BranchXid(1, global, new byte[] {2});
    global[0] = 9;
    xid.getGlobalTransactionId()[0] = 9;
    xid.getBranchQualifier()[0] = 9;
    assertThat(xid).isEqualTo(BranchXid.parse("1-01-02"));
    assertThat(xid.getGlobalTransactionId()).containsExactly(1);
    assertThat(xid.getBranchQualifier()).containsExactly(2);
  }

  @Test
  void partsThatOnlyMeetDifferentlyAreDifferent() {
    assertThat(new BranchXid(1, new byte[] {1, 2}, new byte[] {3}))
        .isNotEqualTo(new BranchXid(1, new byte[] {1}, new byte[] {2, 3}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "1-02", "x-01-02", "1-0-02", "1-01-02-03", "123456789-01-02", "-01-02"})
  void refusesWhatIsNoXid(String text) {
    assertThatThrownBy(() -> BranchXid.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("formatId-globalId-qualifier");
  }

  @Test
  void asAFieldFromOutsideItIsABadField() {
    assertThat(BranchXid.ofField("xid", "1-01-02")).isEqualTo(BranchXid.parse("1-01-02"));
    assertThatThrownBy(() -> BranchXid.ofField("xid", "x".repeat(100_000)))
        .isInstanceOf(BadFieldException.class)
        .hasMessageContaining("'xid'")
        .message()
        .hasSizeLessThan(1_000);
  }

  @Test
  void refusesPartsLongerThanAnXidsAllow() {
    assertThatThrownBy(() -> new BranchXid(1, new byte[65], new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BranchXid.parse("1-01-" + "00".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
