package io.moiety.benchmarks.jms;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;

/**
 * Transactions of Narayana by some threads, each of one persistent send and a second resource that
 * does nothing. Narayana is as it comes, and keeps its log in files in {@code transactions}.
 */
public final class JmsXaSends {

  private JmsXaSends() {}

  /**
   * With {@code factory}, {@code address}, {@code transactions}, {@code threads}, {@code bytes},
   * {@code warmUp}, {@code seconds}.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    byte[] body = new byte[arguments.number("bytes")];
    TransactionManager manager = narayana(arguments.text("transactions"));
    try (XAConnection connection = Provider.xaFactory(arguments).createXAConnection()) {
      Announcer announcer = new Announcer(System.out);
      announcer.result(
          ClosedLoop.of(arguments, announcer).runEach(() -> operation(manager, connection, body)));
    }
  }

  private static TransactionManager narayana(String directory) throws Exception {
    BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class).setNodeIdentifier("1");
    arjPropertyManager.getObjectStoreEnvironmentBean().setObjectStoreDir(directory);
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  private static ClosedLoop.Operation operation(
      TransactionManager manager, XAConnection connection, byte[] body) throws Exception {
    XASession xa = connection.createXASession();
    Session session = xa.getSession();
    MessageProducer producer = session.createProducer(session.createQueue("xa-sends"));
    return () -> {
      manager.begin();
      Transaction transaction = manager.getTransaction();
      transaction.enlistResource(xa.getXAResource());
      transaction.enlistResource(new DummyResource());
      producer.send(Provider.message(session, body));
      manager.commit();
    };
  }
}
