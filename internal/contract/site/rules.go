package site

import "github.com/microroute/microroute"

// addRules adds a route for each kind of rule.
func addRules(app *microroute.App) {
	app.Get("/v/s/<string:x>", echoString)
	app.Get("/v/i/<int:x>", func(c *Context, x int) (string, error) { return echo(c, vars{"x": x}) })
	app.Get("/v/f/<float:x>", func(c *Context, x float64) (string, error) { return echo(c, vars{"x": x}) })
	app.Get("/v/p/<path:x>", echoString)
	app.Get("/v/c/<custom=[a-c]+:x>", echoString)
	app.Get("/v/cg/<custom=([a-c]+):x>", echoString)
	app.Get("/g/<string:goods_name>/<float:price>/<int:amount>/", echoGoods)
	app.Get("/two/<int:a>-<int:b>", func(c *Context, a, b int) (string, error) { return echo(c, vars{"a": a, "b": b}) })
	app.Get("/pre<int:a>", func(c *Context, a int) (string, error) { return echo(c, vars{"a": a}) })
	app.Get("/bare/<x>", echoString)
	app.Get("/suf/<string:x>.html", echoString)
	app.Get("/lit.dot", echoPlain)
	app.Get("/trail/", echoPlain)
	app.Get("noslash", echoPlain)
	app.Get("/args", echoPlain)
	app.Handle("get", "/lower", echoPlain)
	app.Get("/order/<string:x>", func(*Context, string) string { return "var" })
	app.Get("/order/fixed", func(*Context) string { return "fixed" })
}

// addMethods adds routes for the methods other than GET.
func addMethods(app *microroute.App) {
	app.Get("/multi", func(*Context) string { return "get" })
	app.Put("/multi", func(*Context) string { return "put" })
	app.Delete("/del", echoPlain)
	app.Patch("/patch", echoPlain)
	app.Options("/opt", echoPlain)
	app.Head("/headr", echoPlain)
	app.Post("/post", echoPlain)
	app.Put("/put", echoPlain)
	app.Get("/any", echoPlain) // for tools that ask one target by both methods: it reads all content before it answers
	app.Post("/any", echoPlain)
}

func echoPlain(c *Context) (string, error) { return echo(c, vars{}) }

func echoString(c *Context, x string) (string, error) { return echo(c, vars{"x": x}) }

func echoGoods(c *Context, name string, price float64, amount int) (string, error) {
	return echo(c, vars{"goods_name": name, "price": price, "amount": amount})
}
