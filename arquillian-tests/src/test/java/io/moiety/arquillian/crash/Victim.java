package io.moiety.arquillian.crash;

/** Which process is killed. */
enum Victim {
  /** With the broker that runs inside. */
  SERVER,

  /** One that runs beside the server, which lives on. */
  BROKER
}
