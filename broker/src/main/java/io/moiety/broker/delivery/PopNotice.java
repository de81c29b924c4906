package io.moiety.broker.delivery;

/** Takes the answer to a {@link PopQuestion}: exactly one call, in the store turn. */
public interface PopNotice {
  /**
   * The answer.
   *
   * @param something true when a POP would find something, as far as can be said without reading it
   */
  void told(boolean something);

  void refused(Refusal refusal);
}
