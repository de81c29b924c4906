package io.moiety.broker.log;

/**
 * The machine or the process stops at this place. An error, so that no code under test handles it.
 */
public final class MachineStop extends Error {

  private static final long serialVersionUID = 1;

  MachineStop() {
    super("stopped", null, false, false);
  }
}
