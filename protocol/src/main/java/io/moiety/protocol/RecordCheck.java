package io.moiety.protocol;

/** What {@link RecordLayout#check} found at a place in the log. */
public sealed interface RecordCheck {

  /**
   * A whole record with the right position and checksum.
   *
   * @param sizeBytes where the next record begins, counted from this one
   * @param blank true when it only fills its segment to the end; its bytes need not be available
   */
  record Valid(int sizeBytes, boolean blank) implements RecordCheck {}

  /**
   * What is there looks like a record of this place, but reaches beyond the available bytes: more
   * must be read or, at the end of the log, the record was never written whole.
   *
   * @param neededBytes how many bytes must be available to judge
   */
  record Torn(int neededBytes, int availableBytes) implements RecordCheck {}

  /** No record of this place; the reason says what was expected and what was found. */
  record Damaged(String reason) implements RecordCheck {}
}
