package io.moiety.broker.transaction;

/**
 * Where a listing goes on: first come open half messages by position, then parked ones, then
 * branches by the texts of their Xids.
 *
 * @param after the last position, or the text of the last Xid, that was looked at
 */
public record ListingCursor(Section section, String after) {
  private static final String BEFORE_ALL_POSITIONS = "-1";

  /** What is listed in one order. */
  public enum Section {
    OPEN,
    PARKED,
    BRANCH
  }

  public static ListingCursor start(Section section) {
    return new ListingCursor(section, section == Section.BRANCH ? "" : BEFORE_ALL_POSITIONS);
  }

  /**
   * Reads what {@link #toText} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static ListingCursor parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is no place where a listing goes on");
    }
    ListingCursor cursor =
        new ListingCursor(Section.valueOf(text.substring(0, colon)), text.substring(colon + 1));
    if (cursor.section != Section.BRANCH) {
      long unused = cursor.position();
    }
    return cursor;
  }

  public String toText() {
    return section + ":" + after;
  }

  long position() {
    return Long.parseLong(after);
  }
}
