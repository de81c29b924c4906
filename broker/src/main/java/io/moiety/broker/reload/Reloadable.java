package io.moiety.broker.reload;

/** What is read from files and follows their changes. */
public interface Reloadable {

  /**
   * Reads the files again if they have changed; what cannot be used is logged, and what was read
   * before keeps holding. Called again and again, by one thread.
   */
  void reloadIfChanged();
}
