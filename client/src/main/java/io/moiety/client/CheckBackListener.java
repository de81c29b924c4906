package io.moiety.client;

/**
 * Answers for the half messages of a producer group. Called on the client's event loop: never block
 * in it.
 */
public interface CheckBackListener {

  /**
   * The broker asks for the outcome. Answer, now or later, with {@link CheckBack#answer}; without
   * an answer the broker asks again.
   */
  void check(CheckBack check);
}
