package io.moiety.arquillian.crash;

/**
 * Where a thread is to be caught in a server.
 *
 * @param className that declares the method
 * @param method every one of this name
 * @param edge whether it is caught before the first or after the last of its instructions
 * @param caller a class whose name begins so must be among the callers; empty for any
 */
record Place(String className, String method, Edge edge, String caller) {

  enum Edge {
    ENTRY,
    EXIT
  }
}
