package io.moiety.broker.server;

import io.moiety.protocol.Command;

/** Hears what became of a request to a client; one of the two is called, once, on any thread. */
interface ClientAnswer {

  void answered(Command response);

  /** The client is busy with too many, or did not answer in time. */
  void late(String why);

  /** The connection is closed. */
  void gone();
}
