package io.moiety.jms;

import io.moiety.jms.AlsoOverABreakingNetwork.Excepted;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Optional;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * With {@code -Dmoiety.network.breaks=true}, {@link EmbeddedBroker} makes factories whose
 * connections break again and again and are made again; this lets tests run so. A test that is told
 * what an application may be told of a loss, that its transaction was rolled back or that what it
 * wanted to acknowledge comes again, is begun anew, as an application would do; so is one whose
 * claims fail when an acknowledgement was lost and a message did come once more. A claim that fails
 * without one is of something else, as of a message that is missing, and fails the test; so does a
 * send that is told to have failed, since whatever becomes of a connection, the next one decides
 * it.
 *
 * <p>Another {@code -Dmoiety.network.seed} breaks connections at other places.
 */
final class BreakingNetwork implements ExecutionCondition, InvocationInterceptor {

  static final boolean ON = Boolean.getBoolean("moiety.network.breaks");
  static final long SEED = Long.getLong("moiety.network.seed", 1);

  private static final int ATTEMPTS = 30;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Optional.of(context)
        .filter(unused -> ON)
        .flatMap(ExtensionContext::getElement)
        .map(element -> element.getAnnotation(Excepted.class))
        .map(excepted -> ConditionEvaluationResult.disabled(excepted.because()))
        .orElse(ConditionEvaluationResult.enabled("holds whatever the network does"));
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> first, ReflectiveInvocationContext<Method> test, ExtensionContext context)
      throws Throwable {
    if (ON) {
      repeatAfterLosses(first, test);
    } else {
      first.proceed();
    }
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> first, ReflectiveInvocationContext<Method> test, ExtensionContext context)
      throws Throwable {
    interceptTestMethod(first, test, context);
  }

  private static void repeatAfterLosses(
      Invocation<Void> first, ReflectiveInvocationContext<Method> test) throws Throwable {
    Throwable failure;
    RepeatedMessages repeated = new RepeatedMessages();
    try {
      failure = failureOf(first);
      for (int i = 1; i < ATTEMPTS && isOfLoss(failure, repeated.since()); i++) {
        failure = failureOf(() -> anew(test));
      }
    } finally {
      repeated.close();
    }
    if (failure != null) {
      failure.addSuppressed(
          new AssertionError("over a network that breaks as of -Dmoiety.network.seed=" + SEED));
      throw failure;
    }
  }

  private static Throwable failureOf(Invocation<Void> attempt) {
    try {
      attempt.proceed();
      return null;
    } catch (Throwable failure) {
      // Whatever it is, it is judged, and thrown again unless a loss accounts for it.
      return failure;
    }
  }

  private static Void anew(ReflectiveInvocationContext<Method> test) {
    Object instance = ReflectionSupport.newInstance(test.getTargetClass());
    invokeAll(instance, BeforeEach.class);
    try {
      ReflectionSupport.invokeMethod(test.getExecutable(), instance, test.getArguments().toArray());
    } finally {
      invokeAll(instance, AfterEach.class);
    }
    return null;
  }

  private static void invokeAll(Object instance, Class<? extends Annotation> kind) {
    AnnotationSupport.findAnnotatedMethods(
            instance.getClass(), kind, HierarchyTraversalMode.TOP_DOWN)
        .forEach(method -> ReflectionSupport.invokeMethod(method, instance));
  }

  private static boolean isOfLoss(Throwable failure, boolean someCameAgain) {
    return isToldOfLoss(failure) || (someCameAgain && failure instanceof AssertionError);
  }

  private static boolean isToldOfLoss(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransactionRolledBackException
          || cause instanceof TransactionRolledBackRuntimeException
          || (cause instanceof LinkLostException lost && !isOfASend(lost))
          || (cause instanceof XAException refused && isOfLoss(refused.errorCode))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfASend(LinkLostException lost) {
    return String.valueOf(lost.getMessage()).endsWith("sent");
  }

  private static boolean isOfLoss(int code) {
    return code == XAException.XAER_RMFAIL
        || (code >= XAException.XA_RBBASE && code <= XAException.XA_RBEND);
  }
}
