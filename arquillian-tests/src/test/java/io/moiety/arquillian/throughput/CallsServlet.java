package io.moiety.arquillian.throughput;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code ?kind=…&threads=…&seconds=…}: so many threads call as often as they can for so long;
 * answers with the calls a second. A call that fails ends it with an error. Runs inside the server.
 */
@WebServlet("/")
public class CallsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @EJB private transient Calls calls;

  @Resource private transient ManagedThreadFactory threads;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Kind kind = Kind.valueOf(request.getParameter("kind"));
    int count = Integer.parseInt(request.getParameter("threads"));
    long nanos = Integer.parseInt(request.getParameter("seconds")) * 1_000_000_000L;
    ExecutorService executor = Executors.newFixedThreadPool(count, threads);
    try {
      response.getWriter().print(callsPerSecond(executor, kind, count, nanos));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException(stopping);
    } catch (ExecutionException failure) {
      throw new IOException("a call of kind " + kind + " failed", failure);
    } finally {
      executor.shutdownNow();
    }
  }

  private double callsPerSecond(ExecutorService executor, Kind kind, int count, long nanos)
      throws InterruptedException, ExecutionException {
    String run = UUID.randomUUID().toString();
    long begin = System.nanoTime();
    List<Future<Long>> running = new ArrayList<>();
    for (int thread = 0; thread < count; thread++) {
      running.add(executor.submit(loop(kind, run + "-" + thread + "-", begin + nanos)));
    }
    long done = 0;
    for (Future<Long> loop : running) {
      done += loop.get();
    }
    return done * 1e9 / (System.nanoTime() - begin);
  }

  private Callable<Long> loop(Kind kind, String prefix, long endNanos) {
    return () -> {
      long done = 0;
      while (System.nanoTime() - endNanos < 0) {
        calls.call(kind, prefix + done);
        done++;
      }
      return done;
    };
  }
}
