package nethttp_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
	xnet "golang.org/x/net/websocket"
)

// The WebSocket libraries take the connection over, as handlers, by Exchange, and within middleware, which they outlive.
func TestWebSocket(t *testing.T) {
	eachHTTP1(t, func(t *testing.T, app *microroute.App, serve func() origin) {
		for library, echo := range echoes {
			byExchange := func(c *microroute.Context) error {
				echo.ServeHTTP(nethttp.Exchange(c))
				return nil
			}
			app.Get("/"+library+"/served", nethttp.Serve(echo))
			app.Get("/"+library+"/exchange", byExchange)
			app.With(nethttp.Middleware(nothing, wrapping)).Get("/"+library+"/inside", byExchange)
		}
		o := serve()
		for library := range echoes {
			for _, how := range []string{"served", "exchange", "inside"} {
				t.Run(library+"/"+how, func(t *testing.T) { converse(t, o, "/"+library+"/"+how) })
			}
		}
	})
}

// converse says something to an echo, short and long, and takes leave.
func converse(t *testing.T, o origin, path string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, _, err := coder.Dial(ctx, o.url+path, &coder.DialOptions{
		HTTPClient: o.client, HTTPHeader: http.Header{"Origin": {o.url}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	for i := range 20 {
		said := strings.Repeat(fmt.Sprint("message ", i), 1+i*i*10)
		if err := conn.Write(ctx, coder.MessageText, []byte(said)); err != nil {
			t.Fatal(err)
		}
		if _, got, err := conn.Read(ctx); string(got) != said || err != nil {
			t.Fatalf("message %d: got %.100q, %v, want %.100q", i, got, err, said)
		}
	}
	if err := conn.Close(coder.StatusNormalClosure, "thank you"); err != nil && !strings.HasPrefix(path, "/x-net/") { // which only closes
		t.Errorf("closing: %v", err)
	}
}

// wrapping is middleware whose writer has only what net/http asks for, and Unwrap.
func wrapping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(wrapped{w}, r) })
}

type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// echoes send back what they get until their client leaves.
var echoes = map[string]http.Handler{
	"coder": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := coder.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(1 << 20)
		for {
			kind, data, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			if err := conn.Write(context.Background(), kind, data); err != nil {
				return
			}
		}
	}),
	"gorilla": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var upgrader gorilla.Upgrader
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if err := conn.WriteMessage(kind, data); err != nil {
				return
			}
		}
	}),
	"x-net": xnet.Handler(func(conn *xnet.Conn) {
		for {
			var said string
			if err := xnet.Message.Receive(conn, &said); err != nil {
				return
			}
			if err := xnet.Message.Send(conn, said); err != nil {
				return
			}
		}
	}),
}
