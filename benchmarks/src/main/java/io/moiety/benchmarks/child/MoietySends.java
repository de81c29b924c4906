package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import io.moiety.client.MoietyClient;
import java.nio.ByteBuffer;

/** Sends through Moiety's client by some threads, each of which waits for its answer. */
public final class MoietySends {

  private MoietySends() {}

  /** With {@code address}, {@code threads}, {@code bytes}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    ByteBuffer body = ByteBuffer.wrap(new byte[arguments.number("bytes")]);
    try (MoietyClient client = BenchmarkClient.connected(arguments)) {
      Announcer announcer = new Announcer(System.out);
      announcer.result(
          ClosedLoop.of(arguments, announcer)
              .run(
                  () ->
                      BenchmarkClient.require(
                          client.send(BenchmarkClient.message("benchmark", body)).get())));
    }
  }
}
