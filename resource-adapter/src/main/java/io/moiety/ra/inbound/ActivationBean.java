package io.moiety.ra.inbound;

import io.moiety.ra.metrics.ActivationMXBean;

/** Shows an {@link Activation} by JMX. Thread-safe. */
final class ActivationBean implements ActivationMXBean {

  private final Activation activation;

  ActivationBean(Activation activation) {
    this.activation = activation;
  }

  @Override
  public String getDestination() {
    return activation.settings().destination().toString();
  }

  @Override
  public String getState() {
    return activation.state();
  }

  @Override
  public long getTaken() {
    return activation.calls().takenCount();
  }

  @Override
  public long getFailed() {
    return activation.calls().failedCount();
  }

  @Override
  public int getConsecutiveFailures() {
    return activation.calls().consecutiveFailures();
  }

  @Override
  public void pause() {
    activation.calls().pause();
  }

  @Override
  public void resume() {
    activation.calls().resume();
  }
}
