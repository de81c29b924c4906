package io.moiety.arquillian.orders;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code ?place=ID} places an order, {@code ?announce=ID} only sends, answered once its transaction
 * is decided. Runs inside the server.
 */
@WebServlet("/")
public class OrdersServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @EJB private transient Orders orders;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String id = request.getParameter("place");
    if (id != null) {
      orders.place(id);
    }
    String announced = request.getParameter("announce");
    if (announced != null) {
      orders.announce(announced);
    }
    response.getWriter().println("done");
  }
}
