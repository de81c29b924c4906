package io.moiety.protocol;

import java.util.Arrays;
import java.util.HexFormat;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * A branch's Xid as a value: equal by content, immutable, and with a text form that stands in
 * fields and properties: {@code formatId-globalId-qualifier}, each in lower-case hexadecimal.
 */
public final class BranchXid implements Xid {

  private static final HexFormat HEX = HexFormat.of();

  private final int formatId;
  private final byte[] globalTransactionId;
  private final byte[] branchQualifier;
  private final String text;

  /**
   * @throws IllegalArgumentException when a part is longer than the 64 bytes an Xid allows
   */
  public BranchXid(int formatId, byte[] globalTransactionId, byte[] branchQualifier) {
    this.formatId = formatId;
    this.globalTransactionId = checked(globalTransactionId, MAXGTRIDSIZE, "global transaction id");
    this.branchQualifier = checked(branchQualifier, MAXBQUALSIZE, "branch qualifier");
    this.text =
        Integer.toHexString(formatId)
            + '-'
            + HEX.formatHex(globalTransactionId)
            + '-'
            + HEX.formatHex(branchQualifier);
  }

  public static BranchXid copyOf(Xid xid) {
    return xid instanceof BranchXid branch
        ? branch
        : new BranchXid(xid.getFormatId(), xid.getGlobalTransactionId(), xid.getBranchQualifier());
  }

  /**
   * Reads what {@link #toText} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static BranchXid parse(String text) {
    int first = text.indexOf('-');
    int second = text.indexOf('-', first + 1);
    if (first < 0 || second < 0) {
      throw notAnXid(text, null);
    }
    try {
      return new BranchXid(
          Integer.parseUnsignedInt(text.substring(0, first), 16),
          HEX.parseHex(text, first + 1, second),
          HEX.parseHex(text, second + 1, text.length()));
    } catch (IllegalArgumentException malformed) {
      throw notAnXid(text, malformed);
    }
  }

  /**
   * As {@link #parse}, of a field or property that came from outside.
   *
   * @throws BadFieldException when it is something else
   */
  public static BranchXid ofField(String name, String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException notAnXid) {
      throw new BadFieldException(name, text, "formatId-globalId-qualifier in hexadecimal");
    }
  }

  public String toText() {
    return text;
  }

  @Override
  public int getFormatId() {
    return formatId;
  }

  @Override
  public byte[] getGlobalTransactionId() {
    return globalTransactionId.clone();
  }

  @Override
  public byte[] getBranchQualifier() {
    return branchQualifier.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BranchXid that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static byte[] checked(byte[] part, int most, String what) {
    if (part.length > most) {
      throw new IllegalArgumentException(
          "the " + what + " has " + part.length + " bytes; " + most + " is the most");
    }
    return Arrays.copyOf(part, part.length);
  }

  private static IllegalArgumentException notAnXid(
      String text, @Nullable IllegalArgumentException cause) {
    return new IllegalArgumentException(
        "an Xid must be written formatId-globalId-qualifier in hexadecimal, this is '" + text + "'",
        cause);
  }
}
