package microroute_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// notebook is an Exchange that keeps the content of a response to itself.
type notebook struct {
	microroute.Exchange
	content bytes.Buffer
}

func (n *notebook) Begin(_ *message.Response, content []byte, _ bool) error {
	n.content.Write(content)
	return nil
}

func (n *notebook) Write(p []byte) (int, error) { return n.content.Write(p) }
func (n *notebook) Flush() error                { return nil }
func (n *notebook) End() error                  { return nil }
func (n *notebook) Break()                      {}

// shouted is middleware that changes what follows has answered, whatever way it did that.
func shouted(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		answer := &notebook{Exchange: c.Exchange()}
		chain := c.Chain(next)
		chain.Serve(answer)
		chain.Join()
		return c.Response.SetBody(bytes.ToUpper(answer.content.Bytes()))
	}
}

func ExampleChain() {
	app := microroute.New()
	app.Use(shouted)
	app.Get("/<tea>", func(c *microroute.Context, tea string) string { return "one " + tea })

	get(app, "/assam")
	// Output:
	// 200 OK
	// ONE ASSAM
}

func ExampleContext_Chain() {
	app := microroute.New()
	app.Use(shouted)
	app.Get("/", func(c *microroute.Context) error {
		c.Response.SendString("piece ")
		return c.Response.SendString("by piece")
	})

	get(app, "/")
	// Output:
	// 200 OK
	// PIECE BY PIECE
}

func ExampleChain_Serve() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		answer := &notebook{Exchange: c.Exchange()}
		chain := c.Chain(func(c *microroute.Context) error { return c.Response.SendString("from within") })
		chain.Serve(answer)
		chain.Join()
		return "It came " + answer.content.String() + "."
	})

	get(app, "/")
	// Output:
	// 200 OK
	// It came from within.
}

func ExampleChain_Join() {
	var cup microroute.Key[string]
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		chain := c.Chain(func(c *microroute.Context) error {
			cup.Set(c, "the blue one")
			return nil
		})
		chain.Serve(&notebook{Exchange: c.Exchange()})
		chain.Join() // what has been set is known here, too
		value, _ := cup.Get(c)
		return value
	})

	get(app, "/")
	// Output:
	// 200 OK
	// the blue one
}

func ExampleChain_Leave() {
	app := microroute.New()
	finish := make(chan bool)
	app.Get("/", func(c *microroute.Context) string {
		answer := &notebook{Exchange: c.Exchange()}
		chain := c.Chain(func(*microroute.Context) error { <-finish; return nil })
		go chain.Serve(answer)
		chain.Leave() // it takes too long
		return "not waited for"
	})

	get(app, "/")
	close(finish)
	// Output:
	// 200 OK
	// not waited for
}

func ExampleContext_Exchange() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return c.Exchange().Head().Proto })

	get(app, "/")
	// Output:
	// 200 OK
	// HTTP/1.1
}

func ExampleContext_OnEnd() {
	app := microroute.New()
	over := make(chan bool)
	app.Get("/", func(c *microroute.Context) string {
		c.OnEnd(func() { close(over) })
		return "served"
	})

	get(app, "/")
	<-over
	fmt.Println("over")
	// Output:
	// 200 OK
	// served
	// over
}

func ExampleContext_Vars() {
	app := microroute.New()
	app.Use(func(next microroute.Handler) microroute.Handler {
		return func(c *microroute.Context) error {
			for name, text := range c.Vars() {
				c.Response.Header.Add("X-Var", name+"="+text)
			}
			return next(c)
		}
	})
	app.Get("/<tea>/<int:cups>", func(c *microroute.Context, tea string, cups int) string { return "Coming." })

	get(app, "/assam/2", "X-Var")
	// Output:
	// 200 OK
	// X-Var: tea=assam, cups=2
	// Coming.
}

func ExampleRequest_BodyLimit() {
	app := microroute.New(microroute.Config{Limits: microroute.Limits{Body: 1000}})
	app.Post("/", func(c *microroute.Context) int64 { return c.Request.BodyLimit() })

	post(app, "/", "text/plain", "")
	// Output:
	// 200 OK
	// 1000
}

func ExampleRequest_SetBodyLimit() {
	app := microroute.New()
	app.Post("/", func(c *microroute.Context) (string, error) {
		c.Request.SetBodyLimit(3)
		data, err := c.Request.Data()
		return string(data), err
	})

	post(app, "/", "text/plain", "four")
	// Output:
	// 413 Content Too Large
	// <!doctype html>
	// <title>413 Content Too Large</title>
	// <h1>413 Content Too Large</h1>
}

func ExampleResponse_Inform() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) (string, error) {
		err := c.Response.Inform(message.StatusProcessing, &microroute.Header{}) // "I am at it"
		return "done", err
	})

	get(app, "/")
	// Output:
	// 200 OK
	// done
}

func ExampleResponse_ReadFrom() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) error {
		_, err := io.Copy(c.Response, strings.NewReader("from a reader"))
		return err
	})

	get(app, "/")
	// Output:
	// 200 OK
	// from a reader
}

func ExampleResponse_SetBody() {
	app := microroute.New()
	app.After(func(c *microroute.Context) error { return c.Response.SetBody([]byte("something else")) })
	app.Get("/", func(*microroute.Context) string { return "something" })

	get(app, "/")
	// Output:
	// 200 OK
	// something else
}
