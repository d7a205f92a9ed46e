// The load for bench/http.ts and bench/scale.ts: sends sealed requests on keep-alive connections.
//
//   http_load PORT FILE CONNECTIONS UNTIMED
//
// Sends the first UNTIMED requests of FILE, prints "warm", waits for a line on standard input,
// sends the others, and prints the figures. Each connection sends its next request when the
// response to the last one has arrived. Every response must have status 200 and an encrypted body.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "requests.h"

namespace {

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "http_load: %s\n", why.c_str());
  std::exit(1);
}

// The bytes of the requests, so that sending one costs no more than the system call.
std::vector<std::string> Render(const char* path) {
  bench::Received received(false);
  std::vector<std::string> rendered;
  for (const bench::Request& request : bench::ReadRequests(path, &received)) {
    const std::string_view body = request.body[0];
    std::string text = "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ";
    text += std::to_string(body.size()) + "\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    rendered.push_back(text.append("\r\n").append(body));
  }
  return rendered;
}

struct Connection {
  int socket = -1;
  const std::string* request = nullptr;
  size_t sent = 0;
  std::string head;
  size_t body_left = 0;
  bool in_body = false;
};

class Load {
 public:
  Load(int port, size_t connections) : epoll_(epoll_create1(0)), connections_(connections) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (Connection& connection : connections_) {
      connection.socket = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(connection.socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        Fail("no connection to the server");
      }
      const int on = 1;
      setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      epoll_event event = {};
      event.data.ptr = &connection;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    }
  }

  // Sends the requests, and returns when all responses have arrived. @returns the bytes of bodies
  size_t Run(const std::string* first, const std::string* last) {
    next_ = first;
    last_ = last;
    bytes_ = 0;
    for (Connection& connection : connections_) Start(&connection);
    while (active_ > 0) {
      epoll_event events[64];
      const int count = epoll_wait(epoll_, events, 64, -1);
      for (int i = 0; i < count; ++i) {
        auto* const connection = static_cast<Connection*>(events[i].data.ptr);
        if ((events[i].events & EPOLLOUT) != 0) Send(connection);
        if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) Receive(connection);
      }
    }
    return bytes_;
  }

 private:
  void Start(Connection* connection) {
    if (next_ == last_) return;
    connection->request = next_++;
    connection->sent = 0;
    ++active_;
    Send(connection);
  }

  void Send(Connection* connection) {
    const std::string& text = *connection->request;
    while (connection->sent < text.size()) {
      const ssize_t sent = send(connection->socket, text.data() + connection->sent,
                                text.size() - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return Watch(connection, EPOLLIN | EPOLLOUT);
      if (sent < 0) Fail("the server closed a connection");
      connection->sent += static_cast<size_t>(sent);
    }
    Watch(connection, EPOLLIN);
  }

  void Watch(Connection* connection, uint32_t events) const {
    epoll_event event = {};
    event.events = events;
    event.data.ptr = connection;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connection->socket, &event);
  }

  void Receive(Connection* connection) {
    static char buffer[262144];
    const ssize_t received = recv(connection->socket, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0) Fail("the server closed a connection");
    std::string_view bytes(buffer, static_cast<size_t>(received));
    if (!connection->in_body) {
      connection->head.append(bytes);
      const size_t end = connection->head.find("\r\n\r\n");
      if (end == std::string::npos) return;
      const size_t of_body = connection->head.size() - end - 4;
      connection->head.resize(end);
      connection->body_left = BodyLength(connection->head);
      connection->in_body = true;
      bytes.remove_prefix(bytes.size() - of_body);
    }
    if (bytes.size() > connection->body_left) Fail("more bytes than the content-length");
    connection->body_left -= bytes.size();
    bytes_ += bytes.size();
    if (connection->body_left > 0) return;
    connection->in_body = false;
    connection->head.clear();
    --active_;
    Start(connection);
  }

  static size_t BodyLength(std::string head) {
    if (head.rfind("HTTP/1.1 200 ", 0) != 0) Fail("the response is " + head);
    std::transform(head.begin(), head.end(), head.begin(), [](char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    const std::string name = "\r\ncontent-length: ";
    const size_t at = head.find(name);
    const size_t length =
        at == std::string::npos ? 0 : std::strtoul(&head[at + name.size()], nullptr, 10);
    // A refused request has a response without a body.
    if (length == 0) Fail("a response has no body: " + head);
    return length;
  }

  const int epoll_;
  std::vector<Connection> connections_;
  const std::string* next_ = nullptr;
  const std::string* last_ = nullptr;
  size_t active_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::vector<std::string> requests = Render(argv[2]);
  const auto untimed = static_cast<size_t>(std::atoi(argv[4]));
  Load load(std::atoi(argv[1]), static_cast<size_t>(std::atoi(argv[3])));
  load.Run(requests.data(), requests.data() + untimed);
  std::puts("warm");
  std::fflush(stdout);
  if (std::getchar() == EOF) return 1;
  const bench::Meter meter;
  const size_t bytes = load.Run(requests.data() + untimed, requests.data() + requests.size());
  meter.Print(requests.size() - untimed, bytes);
}
