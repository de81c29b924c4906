package io.moiety.arquillian.crash;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.StepRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stops a server at a step of a transaction, to kill there: any server, as it is shipped, since
 * nothing is woven into its classes.
 *
 * <p>The deed is done on a thread of its own, while the thread that was caught stands still. What
 * is armed is guarded by this object's lock.
 */
final class Debugger implements AutoCloseable {

  private record Trap(Place place, Callable<?> deed, CompletableFuture<Void> done) {}

  private final VirtualMachine machine;
  private Optional<Trap> armed = Optional.empty();

  private Debugger(VirtualMachine machine) {
    this.machine = machine;
  }

  /** What a JVM has to be started with. */
  static String option(int port) {
    return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port;
  }

  static Debugger attach(int port) throws IOException {
    AttachingConnector sockets =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = sockets.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(Integer.toString(port));
    try {
      Debugger debugger = new Debugger(sockets.attach(arguments));
      Thread listener = new Thread(debugger::listen, "debugger");
      listener.setDaemon(true);
      listener.start();
      return debugger;
    } catch (IllegalConnectorArgumentsException wrong) {
      throw new IllegalStateException("of the JDK's own connector", wrong);
    }
  }

  /**
   * Does something the first time that a thread is there; complete when it is done, and the thread
   * goes on.
   */
  synchronized CompletableFuture<Void> at(Place place, Callable<?> deed) {
    Trap trap = new Trap(place, deed, new CompletableFuture<>());
    armed = Optional.of(trap);
    ClassPrepareRequest later = machine.eventRequestManager().createClassPrepareRequest();
    later.addClassFilter(place.className());
    later.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    later.enable();
    machine.classesByName(place.className()).forEach(type -> set(type, place));
    return trap.done();
  }

  private void set(ReferenceType type, Place place) {
    if (!type.isPrepared()) {
      return;
    }
    for (Method method : type.methodsByName(place.method())) {
      if (method.declaringType().equals(type) && !method.isAbstract() && !method.isNative()) {
        BreakpointRequest request =
            machine.eventRequestManager().createBreakpointRequest(method.location());
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        request.enable();
      }
    }
  }

  private void listen() {
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          handle(event);
        }
        events.resume();
      }
    } catch (VMDisconnectedException end) {
      failArmed(end);
    } catch (InterruptedException unexpected) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void handle(Event event) {
    if (armed.isEmpty()) {
      return;
    }
    Trap trap = armed.get();
    if (event instanceof ClassPrepareEvent prepared) {
      set(prepared.referenceType(), trap.place());
    } else if (event instanceof BreakpointEvent reached
        && isCalledFrom(reached.thread(), trap.place().caller())) {
      if (trap.place().edge() == Place.Edge.ENTRY) {
        spring(trap);
      } else {
        awaitReturn(reached.thread());
      }
    } else if (event instanceof StepEvent) {
      spring(trap);
    }
  }

  private static boolean isCalledFrom(ThreadReference thread, String caller) {
    try {
      List<StackFrame> frames = thread.frames();
      return caller.isEmpty()
          || frames.stream()
              .anyMatch(frame -> frame.location().declaringType().name().startsWith(caller));
    } catch (IncompatibleThreadStateException impossible) {
      throw new IllegalStateException("a thread at a breakpoint is suspended", impossible);
    }
  }

  private void awaitReturn(ThreadReference thread) {
    machine.eventRequestManager().deleteAllBreakpoints();
    StepRequest out =
        machine
            .eventRequestManager()
            .createStepRequest(thread, StepRequest.STEP_MIN, StepRequest.STEP_OUT);
    out.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    out.addCountFilter(1);
    out.enable();
  }

  private void spring(Trap trap) {
    armed = Optional.empty();
    try {
      machine.eventRequestManager().deleteAllBreakpoints();
      machine
          .eventRequestManager()
          .deleteEventRequests(List.copyOf(machine.eventRequestManager().stepRequests()));
      machine
          .eventRequestManager()
          .deleteEventRequests(List.copyOf(machine.eventRequestManager().classPrepareRequests()));
      trap.deed().call();
      trap.done().complete(null);
    } catch (Exception failure) { // The test learns of whatever its deed throws.
      trap.done().completeExceptionally(failure);
    }
  }

  private synchronized void failArmed(@Nullable Throwable cause) {
    armed.ifPresent(
        trap ->
            trap.done()
                .completeExceptionally(
                    new AssertionError(
                        "the server ended before it came to " + trap.place(), cause)));
    armed = Optional.empty();
  }

  /** Lets the server go on without it. */
  @Override
  public void close() {
    try {
      machine.dispose();
    } catch (VMDisconnectedException alreadyGone) {
      failArmed(alreadyGone);
    }
  }
}
