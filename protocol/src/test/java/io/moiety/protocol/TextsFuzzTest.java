package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Ids that requests carry as text. */
class TextsFuzzTest {

  @FuzzTest
  void idsAreReadAsWrittenOrRefused(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    try {
      BranchXid xid = BranchXid.parse(text);
      assertThat(BranchXid.parse(xid.toText())).isEqualTo(xid);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("Xid");
    }
    try {
      MessageIds.ParsedId id = MessageIds.parseOffsetMessageId(text);
      String again = MessageIds.offsetMessageId(id.host(), id.position());
      assertThat(MessageIds.parseOffsetMessageId(again)).isEqualTo(id);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }
}
