package io.moiety.ra.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.ra.metrics.AdapterMetrics;
import jakarta.jms.JMSException;
import jakarta.jms.XASession;
import jakarta.resource.ResourceException;
import java.lang.reflect.Proxy;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

final class RecoveryResourcesTest {

  private final RecoveryResources resources = new RecoveryResources(new AdapterMetrics());

  /** A factory of an application: its connections end, and no new ones are made, with it. */
  private static final class Factory implements RecoveryResource.Source {

    boolean deployed = true;
    int recovered;

    @Override
    public AdapterConnection connect() throws JMSException {
      if (!deployed) {
        throw new JMSException("its resource adapter was stopped");
      }
      XAResource resource =
          stub(
              XAResource.class,
              call -> {
                recovered++;
                return new javax.transaction.xa.Xid[0];
              });
      XASession session = stub(XASession.class, call -> resource);
      return stub(
          AdapterConnection.class,
          call ->
              switch (call) {
                case "isOpen" -> deployed;
                case "createXASession" -> session;
                default -> null;
              });
    }
  }

  private interface Answers {
    Object to(String call);
  }

  private static <T> T stub(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.to(method.getName())));
  }

  @Test
  void recoversByTheFactoryOfTheApplicationThatIsDeployedNow() throws Exception {
    Factory first = new Factory();
    RecoveryResource kept = resources.of("factory", first);
    first.deployed = false;
    Factory second = new Factory();

    assertThat(resources.of("factory", second)).isSameAs(kept);
    kept.recover(XAResource.TMSTARTRSCAN);

    assertThat(second.recovered).isEqualTo(1);
  }

  @Test
  void letsGoOfAFactoryThatNoBeanUsesAnyMore() throws Exception {
    RecoveryResource former = resources.of("factory", new Factory());

    resources.release("factory");

    assertThatThrownBy(() -> former.recover(XAResource.TMSTARTRSCAN))
        .isInstanceOf(XAException.class)
        .hasMessageContaining("stopped");
    assertThat(resources.of("factory", new Factory())).isNotSameAs(former);
  }

  @Test
  void connectsWhenItIsAskedAgain() throws Exception {
    Factory gone = new Factory();
    gone.deployed = false;

    assertThatThrownBy(() -> resources.of("factory", gone)).isInstanceOf(ResourceException.class);
    gone.deployed = true;

    assertThat(resources.of("factory", gone)).isNotNull();
  }
}
