package faults_test

import (
	"context"
	"errors"
	"testing"

	"github.com/microroute/microroute"
)

// A client that has ended its side of the connection still gets its answers.
func TestHalfClose(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Post("/echo", func(c *Context) ([]byte, error) { return c.Request.Data() })
		})
		for range many(50, 2000) {
			c := dial(t, address)
			c.send(get("/hello") + post("/echo", 3) + "tea")
			c.CloseWrite()
			c.want(200, "hello")
			c.want(200, "tea")
			c.wantEnd()
			c.Close()
		}
	})
}

// A request that is cut off by the end of the connection is no request.
func TestHalfCloseWithinARequest(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Post("/echo", func(c *Context) ([]byte, error) { return c.Request.Data() })
		})
		c := dial(t, address)
		c.send("GET /hello HTTP/1.1\r\nHost: a.te")
		c.CloseWrite()
		c.wantEnd()

		c = dial(t, address)
		c.send(post("/echo", 10) + "tea")
		c.CloseWrite()
		c.wantStatus(400)
		c.wantEnd()
	})
}

// A reset while the content comes is no end of the content: the handler must not take half of it for all.
func TestResetWithinTheContent(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		began, read := make(chan struct{}), make(chan error)
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Post("/data", func(c *Context) error {
				began <- struct{}{}
				_, err := c.Request.Data()
				read <- err
				return err
			})
		})
		for range many(20, 1000) {
			for _, start := range []string{post("/data", 100<<10) + "tea", postChunked("/data") + "5\r\ntea"} {
				c := dial(t, address)
				c.send(start)
				await(t, "the handler", began)
				c.reset()
				if err := await(t, "the handler to read the content", read); err == nil {
					t.Errorf("after %.20q and a reset, reading the content succeeded", start)
				}
			}
		}
		wantServed(t, address)
	})
}

// A reset while the answer goes out ends the handler's sending and its context.
func TestResetWithinTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		sent, ended := make(chan error), make(chan error)
		address := serve(t, engine, microroute.Limits{}, func(app *microroute.App) {
			app.Get("/large", func(c *Context) error {
				ctx := c.Context()
				for data := make([]byte, 64<<10); ; {
					if err := c.Response.Send(data); err != nil {
						sent <- err
						<-ctx.Done()
						ended <- context.Cause(ctx)
						return err
					}
				}
			})
		})
		for range many(20, 1000) {
			c := dial(t, address)
			c.send(get("/large"))
			c.response()
			c.reset()
			err := await(t, "the handler to fail", sent)
			if gone := (*microroute.TimeoutError)(nil); !errors.As(err, &gone) || gone.Timeout() {
				t.Errorf("sending after a reset: %v, want a TimeoutError that is no time-out", err)
			}
			await(t, "the context to end", ended)
		}
		wantServed(t, address)
	})
}

// A reset while a file goes out breaks off nothing else, and the file is closed.
func TestResetWithinAFile(t *testing.T) {
	each(t, func(t *testing.T, engine microroute.Engine) {
		for range many(10, 200) {
			_, c, _ := startFile(t, engine)
			c.reset()
		}
	})
}
