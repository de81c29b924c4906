package io.moiety.broker.log;

/**
 * A place of the log where no valid record lies although there should be one.
 *
 * @param segment the file
 * @param position the first position that cannot be read
 * @param endPosition where the next valid record begins, or the segment ends: a position to go on
 *     from
 * @param what what was expected and found
 */
public record LogDamage(String segment, long position, long endPosition, String what) {

  /** One line for a person. */
  public String describe() {
    return "positions %d to %d, in %s: %s".formatted(position, endPosition, segment, what);
  }
}
