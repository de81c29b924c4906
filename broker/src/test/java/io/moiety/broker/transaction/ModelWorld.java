package io.moiety.broker.transaction;

import java.util.List;

/**
 * A small world in which everything that can happen happens by explicit steps, so that all orders
 * of them can be walked. The same steps from a fresh world lead to the same world.
 */
interface ModelWorld {
  /** Something that may happen now. */
  record Step(String name, Runnable act) {}

  /** All that may happen now, in an order that depends on nothing but the state. */
  List<Step> steps();

  /** Two worlds with the same one have the same future. */
  String fingerprint();

  /**
   * What must hold in every state.
   *
   * @throws AssertionError when it does not
   */
  void check();

  /**
   * Lets everybody do what they still want to do, with nothing going wrong any more, and checks the
   * outcome. The world is of no use afterwards.
   *
   * @throws AssertionError when it is not the specified one
   */
  void finish();
}
