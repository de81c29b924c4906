package io.moiety.shop.web;

import io.moiety.shop.OrderBook;
import io.moiety.shop.OrderRequest;
import io.moiety.shop.OrderView;
import io.moiety.shop.Orphans;
import io.moiety.shop.PaymentRefusedException;
import io.moiety.shop.PlacingFailedException;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.UUID;

/** Orders over HTTP. Every answer that is not the asked-for one is {@code {"problem": …}}. */
@Path("orders")
@RequestScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {
  @EJB private OrderBook orders;
  @EJB private OrderWatchers watchers;
  @Inject private Orphans orphans;

  @GET
  public JsonObject list() {
    return ShopJson.orders(orders.latest(), orphans.count(), System.currentTimeMillis());
  }

  @GET
  @Path("items")
  public JsonArray items() {
    return ShopJson.items();
  }

  @GET
  @Path("{id}")
  public Response find(@PathParam("id") UUID id) {
    return orders.find(id).map(OrdersResource::ok).orElseGet(() -> notFound(id));
  }

  @POST
  public Response place(String body) {
    OrderRequest request;
    try {
      request = ShopJson.request(body);
    } catch (IllegalArgumentException e) {
      return answer(Status.BAD_REQUEST, ShopJson.problem(String.valueOf(e.getMessage())));
    }
    try {
      return answer(Status.CREATED, ShopJson.order(orders.place(request)));
    } catch (PlacingFailedException e) {
      return answer(
          Status.INTERNAL_SERVER_ERROR,
          ShopJson.problem(String.valueOf(e.getMessage()), e.order()));
    }
  }

  @POST
  @Path("{id}/payment")
  @Consumes(MediaType.WILDCARD)
  public Response pay(@PathParam("id") UUID id) {
    try {
      return orders.pay(id).map(OrdersResource::ok).orElseGet(() -> notFound(id));
    } catch (PaymentRefusedException e) {
      return answer(Status.CONFLICT, ShopJson.problem(String.valueOf(e.getMessage()), id));
    }
  }

  /** Each committed change as it happens, as an event {@code order}. */
  @GET
  @Path("events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public void events(@Context SseEventSink sink, @Context Sse sse) {
    watchers.add(sink, sse);
  }

  private static Response ok(OrderView order) {
    return answer(Status.OK, ShopJson.order(order));
  }

  private static Response notFound(UUID id) {
    return answer(Status.NOT_FOUND, ShopJson.problem("there is no order " + id, id));
  }

  private static Response answer(Status status, JsonObject body) {
    return Response.status(status).entity(body).build();
  }
}
