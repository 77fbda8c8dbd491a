"""What both web servers need: connections that are made anew when they break, and a server of JSON."""
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pika
import pymysql

QUEUE = 'orders'
TIMEOUT_S = 2


class Kept:
    """A connection of each thread, made when it is needed. One that broke while it was idle is made anew, once."""

    def __init__(self, make):
        self.make = make
        self.of = threading.local()

    def use(self, work):
        while True:
            old = getattr(self.of, 'connection', None)
            self.of.connection = old or self.make()
            try:
                return work(self.of.connection)
            except Exception:
                broken, self.of.connection = self.of.connection, None
                try:
                    broken.close()
                except Exception:
                    pass  # It is broken already.
                if old is None:
                    raise


def connect_database():
    host, port = os.environ['DB'].split(':')
    return pymysql.connect(
        host=host, port=int(port), user='shop', password=os.environ['DB_PASSWORD'], database='shop', autocommit=True,
        connect_timeout=TIMEOUT_S, read_timeout=TIMEOUT_S, write_timeout=TIMEOUT_S)


database = Kept(connect_database)


def query(sql, *params):
    """Returns the rows of a statement, which may be carried out twice."""

    def work(connection):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return database.use(work)


def open_queue():
    """Returns a channel of a new connection, with the queue declared. Publishing on it waits for the broker's word."""
    host, port = os.environ['QUEUE'].split(':')
    channel = pika.BlockingConnection(pika.ConnectionParameters(
        host, int(port), heartbeat=0, socket_timeout=TIMEOUT_S, stack_timeout=2 * TIMEOUT_S,
        blocked_connection_timeout=TIMEOUT_S)).channel()
    channel.queue_declare(QUEUE, durable=True)
    channel.confirm_delivery()
    return channel


def serve(routes):
    """Serves `routes`: a function for each method and path. An error in it answers 503."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def answer(self):
            self.rfile.read(int(self.headers.get('content-length') or 0))
            route = routes.get(f'{self.command} {self.path}')
            try:
                status, body = (404, 'no such page') if route is None else (200, route())
            except Exception as error:  # Whatever is wrong behind this server, its client gets an answer.
                status, body = 503, f'{type(error).__name__}: {error}'
            content = json.dumps(body, default=str).encode()
            self.send_response(status)
            self.send_header('content-type', 'application/json')
            self.send_header('content-length', str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    ThreadingHTTPServer(('', 8080), Handler).serve_forever()
