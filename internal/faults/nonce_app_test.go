package faults_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/microroute/microroute"
)

// nonceApp answers each request with the nonce in its target, in every way that there is to answer.
type nonceApp struct {
	jobs sync.WaitGroup // what handlers have left behind
}

func (a *nonceApp) routes(app *microroute.App) {
	app.Get("/text/<n>", func(_ *Context, n string) string { return n })
	app.Get("/wait/<n>", a.wait)
	app.Get("/stream/<n>", a.stream)
	app.Get("/abort/<n>", func(c *Context, n string) error { return c.Response.Abort(409, n) })
	app.Post("/echo/<n>", func(c *Context, n string) (string, error) {
		content, err := c.Request.Data()
		return n + string(content), err
	})
	app.Post("/skip/<n>", func(_ *Context, n string) string { return n })
	app.Get("/raw/<n>", a.raw)
	app.Get("/hijack/<n>", a.hijack)
	app.Get("/reader/<n>", a.reader)
	app.Get("/late/<n>", a.late)
}

// wait takes a moment, in which the client may go.
func (a *nonceApp) wait(c *Context, n string) string {
	select {
	case <-c.Context().Done():
	case <-time.After(moment()):
	}
	return n
}

func moment() time.Duration { return time.Duration(rand.IntN(2000)) * time.Microsecond }

func (a *nonceApp) stream(c *Context, n string) error {
	for i := range n {
		if err := c.Response.SendString(n[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}

// raw answers past the framework, after it has waited in vain for the client to say more.
func (a *nonceApp) raw(c *Context, n string) error {
	conn, err := c.Response.Client()
	if err != nil {
		return err
	}
	conn.SetReadDeadline(time.Now().Add(moment()))
	conn.Read(make([]byte, 1))
	_, err = io.WriteString(conn, answerOf(n))
	return err
}

// hijack answers when the handler has long returned.
func (a *nonceApp) hijack(c *Context, n string) error {
	conn, err := c.Response.Hijack()
	if err != nil {
		return err
	}
	a.jobs.Go(func() {
		defer conn.Close()
		answer := answerOf(n)
		for _, piece := range []string{answer[:20], answer[20:]} {
			time.Sleep(moment())
			io.WriteString(conn, piece)
		}
	})
	return nil
}

// reader leaves somebody behind who reads from the connection.
func (a *nonceApp) reader(c *Context, n string) (string, error) {
	conn, err := c.Response.Client()
	if err != nil {
		return "", err
	}
	a.jobs.Go(func() { io.Copy(io.Discard, conn) })
	return n, nil
}

// late leaves somebody behind who writes to the connection when the exchange is over: that must not reach the client who
// has the connection's descriptor next.
func (a *nonceApp) late(c *Context, n string) (string, error) {
	conn, err := c.Response.Client()
	if err != nil {
		return "", err
	}
	ctx := c.Context()
	a.jobs.Go(func() {
		<-ctx.Done()
		writeUntilClosed(conn, lateText(n))
	})
	return n, nil
}

func writeUntilClosed(conn net.Conn, text string) {
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
		time.Sleep(moment())
	}
}

// lateText is what is written too late.
func lateText(n string) string { return "[late " + n + "]" }

// answerOf returns a whole answer on the wire.
func answerOf(n string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(n), n)
}
