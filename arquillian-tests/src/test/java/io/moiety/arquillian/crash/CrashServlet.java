package io.moiety.arquillian.crash;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What a test asks the application for: {@code ?arm=POINT} (with {@code &pid=…} of the process to
 * be killed), {@code ?place=ID}, or nothing to see whether it is there. Runs inside the server.
 */
@WebServlet("/")
public class CrashServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @EJB private transient Orders orders;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String point = request.getParameter("arm");
    if (point != null) {
      String pid = request.getParameter("pid");
      if (pid != null) {
        System.setProperty("crash.pid", pid);
      }
      System.setProperty("crash.point", point);
    }
    String id = request.getParameter("place");
    if (id != null) {
      orders.place(id);
    }
    response.getWriter().println("done");
  }
}
