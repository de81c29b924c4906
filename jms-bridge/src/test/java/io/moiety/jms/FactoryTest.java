package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.XaFailure;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.ResourceAllocationException;
import jakarta.jms.TransactionRolledBackException;
import jakarta.jms.TransactionRolledBackRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import javax.naming.Referenceable;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;

class FactoryTest {

  private static Object throughJndi(Referenceable object) throws Exception {
    return new MoietyObjectFactory().getObjectInstance(object.getReference(), null, null, null);
  }

  private static Object throughSerialization(Object object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void factoriesComeThroughJndiAndSerializationWithAllTheirProperties() throws Exception {
    for (MoietyFactory factory :
        new MoietyFactory[] {new MoietyConnectionFactory(), new MoietyXAConnectionFactory()}) {
      factory.setAddresses("one:1,two:2");
      factory.setUser("user");
      factory.setPassword("secret");
      factory.setClientId("client");
      factory.setPrefetch(3);
      factory.setMaxDeliveries(4);
      factory.setRequestTimeoutMillis(5);
      factory.setConnectTimeoutMillis(6);
      factory.setTrustedClasses("a.B");
      factory.setTls(true);
      factory.setTlsTrustFile("authority.pem");
      factory.setTlsTrustPassword("trust-secret");
      factory.setTlsKeyStore("own.p12");
      factory.setTlsKeyStorePassword("own-secret");
      factory.setTlsVerifyHostName(false);
      assertThat(((MoietyFactory) throughJndi(factory)).asMap()).isEqualTo(factory.asMap());
      assertThat(throughJndi(factory)).hasSameClassAs(factory);
      assertThat(((MoietyFactory) throughSerialization(factory)).asMap())
          .isEqualTo(factory.asMap());
      assertThat(factory.toString()).doesNotContain("secret");
    }
  }

  @Test
  void destinationsComeThroughJndiAndSerialization() throws Exception {
    assertThat(throughJndi(new MoietyQueue("q"))).isEqualTo(new MoietyQueue("q"));
    assertThat(throughJndi(new MoietyTopic("t"))).isEqualTo(new MoietyTopic("t"));
    assertThat(throughSerialization(new MoietyQueue("q"))).isEqualTo(new MoietyQueue("q"));
    assertThat(new MoietyQueue("same")).isNotEqualTo(new MoietyTopic("same"));
  }

  @Test
  void impossiblePropertiesAreRefusedWithTheirValue() {
    MoietyConnectionFactory factory = new MoietyConnectionFactory();
    assertThatThrownBy(() -> factory.setAddresses("host:99999"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99999");
    factory.setPrefetch(0);
    assertThatThrownBy(factory::settings)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prefetch = 0");
  }

  @Test
  void nothingIsTrustedUnlessNamed() {
    assertThat(TrustedClasses.parse("").trusts(TreeMap.class)).isFalse();
    assertThat(TrustedClasses.parse("").trusts(String[].class)).isTrue();
    TrustedClasses some = TrustedClasses.parse("java.util.TreeMap, io.moiety.jms.*");
    assertThat(some.trusts(TreeMap.class)).isTrue();
    assertThat(some.trusts(FactoryTest[].class)).isTrue();
    assertThat(some.trusts(Integer.class)).isTrue();
    assertThat(some.trusts(java.util.HashMap.class)).isFalse();
    assertThat(TrustedClasses.parse("*").trusts(java.util.HashMap.class)).isTrue();
  }

  @Test
  void refusalsBecomeTheExceptionsOfTheirKind() {
    assertThat(refused(ResponseCode.NO_PERMISSION)).isInstanceOf(JMSSecurityException.class);
    assertThat(refused(ResponseCode.TOPIC_NOT_EXIST))
        .isInstanceOf(InvalidDestinationException.class);
    assertThat(refused(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST))
        .isInstanceOf(InvalidDestinationException.class);
    assertThat(refused(ResponseCode.SUBSCRIPTION_PARSE_FAILED))
        .isInstanceOf(InvalidSelectorException.class);
    assertThat(refused(ResponseCode.SYSTEM_BUSY)).isInstanceOf(ResourceAllocationException.class);
    assertThat(refused(ResponseCode.ILLEGAL_OPERATION)).isInstanceOf(IllegalStateException.class);
    assertThat(refused(ResponseCode.SYSTEM_ERROR)).isExactlyInstanceOf(JMSException.class);
  }

  private static JMSException refused(int code) {
    BrokerException cause = new BrokerException(code, "the reason");
    JMSException mapped = JmsExceptions.of("do it", new CompletionException(cause));
    assertThat(mapped).hasMessage("Could not do it: the reason").hasCause(cause);
    assertThat(mapped.getLinkedException()).isSameAs(cause);
    assertThat(mapped.getErrorCode()).isEqualTo(Integer.toString(code));
    return mapped;
  }

  @Test
  void lostConnectionSaysWhatToDo() {
    assertThat(JmsExceptions.of("send", new ConnectionLostException("it is gone", true)))
        .hasMessageContaining("it is gone")
        .hasMessageContaining("make a new one");
    assertThat(JmsExceptions.of("commit", new XaFailure(XAException.XA_RBTIMEOUT, "late")))
        .isInstanceOf(TransactionRolledBackException.class);
    assertThat(JmsExceptions.of("commit", new XaFailure(XAException.XAER_RMFAIL, "?")))
        .isNotInstanceOf(TransactionRolledBackException.class);
  }

  @Test
  void uncheckedExceptionsAreOfTheSameKind() {
    assertThat(JmsExceptions.unchecked(new IllegalStateException("x", "code")))
        .isInstanceOf(IllegalStateRuntimeException.class)
        .hasMessage("x");
    assertThat(JmsExceptions.unchecked(new TransactionRolledBackException("x")))
        .isInstanceOf(TransactionRolledBackRuntimeException.class);
    assertThat(JmsExceptions.unchecked(new JMSException("x")))
        .isExactlyInstanceOf(JMSRuntimeException.class);
  }
}
