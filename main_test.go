package microroute_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/microroute/microroute"
)

// TestMain keeps what Apps without a Logger of their own have to say out of the tests' output.
func TestMain(m *testing.M) {
	if socket := os.Getenv(runVariable); socket != "" {
		runServer(socket)
		return
	}
	flag.Parse()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	os.Stderr = null
	m.Run()
}

// runVariable is what makes a server of the test binary: the path of a unix socket in its environment.
const runVariable = "MICROROUTE_TEST_RUN"

// runServer is the program whose end is tested by TestRun.
func runServer(socket string) {
	app := microroute.New(microroute.Config{Network: "unix", Addr: socket, DrainTime: time.Hour})
	uploaded := make(chan bool)
	app.Post("/upload", func(c *Context) (err error) {
		if err = c.Response.SendString("begun"); err != nil {
			return err
		}
		if _, err = c.Request.Data(); err != nil {
			return err
		}
		close(uploaded)
		return c.Response.SendString(" and finished")
	})
	app.Get("/job", func(c *Context) {
		c.Go(func(context.Context) {
			<-uploaded
			fmt.Println("job done")
		})
	})
	app.Get("/stuck", func(c *Context) error {
		if err := c.Response.SendString("begun"); err != nil {
			return err
		}
		<-uploaded
		return nil
	})
	fmt.Println("Run returned", app.Run())
}
